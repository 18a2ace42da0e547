"""The parity tests on every runtime: one process for each, and the table of docs/runtimes.md.

`make test-runtimes` installs all of them into an environment of its own and calls this.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from workbench.core.provenance import tool_record

NAMES = ("tensorflow", "openvino", "torch", "jax")
FOLDER = Path(__file__).resolve().parents[1] / "tests" / "methods"
TESTS = ("parity", "two_pass", "cached", "layers", "exactness")
WARNING = "ignore:__array__ implementation:DeprecationWarning"
"""Keras's own, on PyTorch and JAX with numpy 2."""
JUNIT = ("-o", "junit_family=xunit1", "--junitxml")
NAME = "from workbench.methods.mantranet import runtimes; print(runtimes.warm_up('{}'))"


def main() -> int:
    print("# The parity tests on every runtime\n\nWritten by `make test-runtimes`.\n")
    print(f"{datetime.now(UTC):%Y-%m-%d}; {tool_record().device}; {tool_record().os}.\n")
    print("| runtime | passed | failed | skipped | largest difference to the exact arrays | seconds |")
    print("|---|---|---|---|---|---|", flush=True)
    codes = [row(name) for name in NAMES]
    print(
        "\nThe exact arrays are the original network with window means in float64 (two variants, random "
        "weights, several sizes, in tiles of 48, 100 and 256 pixels and as one graph); the bar is 2e-4. The "
        "other tests compare tiles with the whole-image graph for random sizes, tiles and contents and for "
        "every configuration, windows on kept features with strict runs, and layers with numpy."
    )
    return max(codes)


def row(name: str) -> int:
    clean = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    keras = {} if name == "openvino" else {"KERAS_BACKEND": name, "OMP_WAIT_POLICY": "PASSIVE"}
    environment = clean | keras | {"WORKBENCH_TEST_RUNTIMES": name}
    said = subprocess.run(
        [sys.executable, "-c", NAME.format(name)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        print(f"| {name} | not installed | | | | |", flush=True)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        files = [str(FOLDER / f"test_{test}.py") for test in TESTS]
        command = [sys.executable, "-m", "pytest", "-q", *("-W", WARNING), *JUNIT, str(report), *files]
        done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        print(f"| {said.stdout.strip()} | {cells(ElementTree.parse(report).getroot())} |", flush=True)
    return done.returncode


def cells(report: ElementTree.Element) -> str:
    suite = next(report.iter("testsuite"))
    count = {key: int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    found = [float(p.attrib["value"]) for p in report.iter("property") if p.attrib["name"] == "difference"]
    largest = f"{max(found):.1e}" if found else "arrays not at hand"
    return f"{passed} | {failed} | {count['skipped']} | {largest} | {float(suite.attrib['time']):.0f}"


if __name__ == "__main__":
    sys.exit(main())
