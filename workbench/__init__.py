"""ManTra Workbench: a desktop workbench for image forensics."""

__version__ = "0.1.0"
