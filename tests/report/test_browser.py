"""A report that is opened asks the network for nothing: a real browser tells which requests it made."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from hostile import MARKUP

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium; `make test-browser` installs Debian's and runs this"
)
QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-extensions",
)  # fmt: skip


def _opened(page: str, folder: Path) -> tuple[str, set[str]]:
    """(the page as the browser built it, hosts that it asked for)."""
    log = folder / "net.json"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments = [
        f"--user-data-dir={folder / 'profile'}",
        f"--log-net-log={log}",
        "--virtual-time-budget=3000",
    ]
    command = [str(CHROMIUM), *QUIET, *root, *arguments, "--dump-dom", page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True)
    return done.stdout, {host for host in map(_host, _urls(json.loads(log.read_text("utf-8")))) if host}


def _urls(log: dict) -> list[str]:
    return [url for event in log["events"] if (url := event.get("params", {}).get("url"))]


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.hostname or "" if parts.scheme in {"http", "https", "ws", "wss", "ftp"} else ""


def test_opening_a_report_asks_the_network_for_nothing(tmp_path: Path, make: Callable) -> None:
    text = " ".join(MARKUP)
    made = make()
    region = replace(made.item.with_region(10, 10, 40, 40).regions[0], name=text)
    made.run(np.full((40, 40), 0.9, np.float32), region)
    made.case = made.case.with_item(replace(made.item, name=text, note=text))
    made.with_details(interpretation=text, question=text)
    done = made.export(tmp_path / "r")
    bait = tmp_path / "bait.html"
    bait.write_text('<img src="http://example.org/x.png"><p>bait', "utf-8")
    for name in ("bait", "blank", "report"):
        (tmp_path / name).mkdir()
    _, baited = _opened(bait.as_uri(), tmp_path / "bait")
    _, own = _opened("about:blank", tmp_path / "blank")
    built, asked = _opened(done.html.as_uri(), tmp_path / "report")
    assert "example.org" in baited  # the browser's log would tell
    assert asked - own == set()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in built
    assert "<script" not in built
    assert "Report of an image examination" in built
