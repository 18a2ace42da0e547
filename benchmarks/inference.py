"""Seconds and peak memory of analyses by size, network, runtime and precision, as Markdown tables.

The same as `workbench benchmark`, from a checkout. The tables of docs/performance.md:

    python benchmarks/inference.py --whole
    python benchmarks/inference.py --sizes 2048x1536 4000x3000 8000x6000 --repeat 1
    python benchmarks/inference.py --networks mantranet-4 --sizes 1024x768 2048x1536 4000x3000 --repeat 1
    python benchmarks/inference.py --photos FOLDER
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbench.cli import main

if __name__ == "__main__":
    sys.exit(main(["benchmark", *sys.argv[1:]]))
