"""Seconds and peak memory of analyses by size, network, runtime and precision, as Markdown tables.

The same as `workbench benchmark`, from a checkout. docs/performance.md names the calls behind its tables;
with `--keep FILE` a call that was stopped goes on where it was. Also:

    python benchmarks/inference.py --photos FOLDER
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbench.cli import main

if __name__ == "__main__":
    sys.exit(main(["benchmark", *sys.argv[1:]]))
