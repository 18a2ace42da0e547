"""Seconds and peak memory of analyses by size, network, runtime and precision, as Markdown tables.

The same as `workbench benchmark`, from a checkout. The tables of docs/performance.md, row by row on an idle
machine; a call that was stopped goes on where it was, since rows that are done are kept (`KEEP` stands for
`--keep benchmarks/measured.jsonl`, `ALL` for `--runtimes openvino/float32 openvino/bfloat16
tensorflow/float32 --repeat 1 --only-analyses`):

    python benchmarks/inference.py KEEP --whole
    python benchmarks/inference.py KEEP --networks mantranet-4
    python benchmarks/inference.py KEEP ALL --sizes 2048x1536 4000x3000 8000x6000
    python benchmarks/inference.py KEEP ALL --sizes 2048x1536 4000x3000 8000x6000 --networks mantranet-4
    python benchmarks/inference.py --photos FOLDER

Any of them prints the whole of its table.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbench.cli import main

if __name__ == "__main__":
    sys.exit(main(["benchmark", *sys.argv[1:]]))
