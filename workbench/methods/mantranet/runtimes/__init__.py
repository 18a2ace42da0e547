"""What runs the two graphs of ManTra-Net."""
