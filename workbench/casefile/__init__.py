"""The case on disk."""
