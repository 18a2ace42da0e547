"""`python -m workbench`, and the entry of a frozen build."""

import multiprocessing
import sys

from workbench import cli

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(cli.main())
