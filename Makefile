# make venv | demo | test | test-browser | test-runtimes | torture | lint | wheel | frozen | benchmark | benchmark-sizes | translations | clean

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: translations venv demo test test-browser test-runtimes torture lint wheel frozen benchmark benchmark-sizes clean

venv: $(STAMP)

$(STAMP): pyproject.toml packaging/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed; call make PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian and Ubuntu, sudo apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[dev]'
	$(BIN)/python -m workbench.cli.system
	@touch $@

demo: venv
	$(BIN)/workbench demo

test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Every runtime that there is, in an environment of its own; the output is docs/runtimes.md.
test-runtimes: .runtimes/installed
	.runtimes/bin/python benchmarks/runtimes.py > .runtimes/table.md
	mv .runtimes/table.md docs/runtimes.md

.runtimes/installed: pyproject.toml packaging/constraints.txt
	@$(PYTHON) -m venv .runtimes
	.runtimes/bin/python -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[dev,openvino,torch,jax]'
	@touch $@

torture: venv
	$(BIN)/python tests/torture.py --write docs/torture.md

test-browser: venv # with Debian's Chromium, installed if it is not there
	@command -v chromium > /dev/null || $(AS_ROOT) apt-get install --yes --no-install-recommends chromium
	$(BIN)/python -m pytest tests/report/test_browser.py

lint: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: venv
	$(BIN)/python -m build --wheel

frozen: venv
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build packaging/workbench.spec
	dist/workbench/workbench selftest

benchmark: venv
	$(BIN)/python benchmarks/window.py
	$(BIN)/python benchmarks/case.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/inference.py --whole --runtimes openvino/float32 tensorflow/float32 openvino/bfloat16

# The table of docs/performance.md: 0.8 to 48 megapixels, hours on two cores; what was interrupted goes on.
benchmark-sizes: venv
	$(BIN)/python benchmarks/inference.py --keep measured.jsonl --only-analyses --repeat 1 --networks compact-3 mantranet-4 \
	    --sizes 1024x768 2048x1536 4000x3000 8000x6000 --runtimes openvino/float32 openvino/bfloat16 tensorflow/float32

# A language to be written with Qt Linguist: make translations LANGUAGE=de
LANGUAGE ?= de
translations: venv
	mkdir -p resources/translations
	$(BIN)/pyside6-lupdate workbench/gui/*.py -ts resources/translations/workbench_$(LANGUAGE).ts
	$(BIN)/pyside6-lrelease resources/translations/workbench_$(LANGUAGE).ts

clean:
	rm -rf .venv .runtimes build dist demo-out
