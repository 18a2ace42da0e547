"""ManTra-Net (Wu, AbdAlmageed and Natarajan, CVPR 2019)."""
