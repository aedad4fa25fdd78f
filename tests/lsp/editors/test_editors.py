"""Neovim and Emacs, headless: the files in `lsp_server/editors` make the server answer in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]
EDITORS = REPOSITORY / "lsp_server" / "editors"
DRIVERS = Path(__file__).parent
PUBLISH = (28, 20)
"""`self._bus.publish(order)` in the desk of the shop, within the method's name."""


def need(program: str, *packages: str) -> str:
    """The program, installed from Debian's packages where tests may do so."""
    found = shutil.which(program)
    if found is None and (os.environ.get("CI") == "true" or os.environ.get("PUBSUB_TEST_INSTALL") == "1"):
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(install, check=True, capture_output=True)
        found = shutil.which(program)
    if found is None:
        pytest.skip(f"needs {program}; PUBSUB_TEST_INSTALL=1 lets the test install it (Debian)")
    return found


def drive(command: list[str], shop: Path, plugin: Path) -> str:
    """What an editor prints that opens the shop's desk."""
    environment = {
        **os.environ,
        "PLUGIN": str(plugin),
        "SERVER": json.dumps([sys.executable, "-m", "pubsub_devtools_lsp"]),
        "FILE": str(shop / "orders" / "desk.py"),
        "LINE": str(PUBLISH[0]),
        "COLUMN": str(PUBLISH[1]),
        "HOME": str(shop.parent),
    }
    done = subprocess.run(
        command, cwd=shop, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    shutil.copytree(REPOSITORY / "examples" / "shop", root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "pyproject.toml").write_text("")
    return root


def test_neovim(shop: Path) -> None:
    nvim = need("nvim", "neovim")
    printed = drive(
        [nvim, "--headless", "--clean", "-c", f"luafile {DRIVERS / 'drive.lua'}"], shop, EDITORS / "neovim"
    )
    answers: dict[str, Any] = json.loads(printed[printed.index("{") : printed.rindex("}") + 1])
    (goal,) = answers["definition"]
    assert goal.get("uri", goal.get("targetUri", "")).endswith("/orders/fulfilment.py")
    assert answers["jumped"] == 24
    assert answers["hover"]["contents"]["value"].startswith("**OrderPlaced**")
    assert "1 publisher" in {each["command"]["title"] for each in answers["lens"]}


def test_emacs(shop: Path) -> None:
    emacs = need("emacs", "emacs-nox", "elpa-eglot")
    printed = drive(
        [emacs, "--batch", "-l", "package", "-l", str(DRIVERS / "drive.el")],
        shop,
        EDITORS / "emacs" / "pubsub-devtools.el",
    )
    assert "DEFINITION fulfilment.py:24" in printed
    assert "HOVER **OrderPlaced**" in printed


def test_what_other_editors_read_is_well_formed() -> None:
    helix = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text())
    assert helix["language-server"]["pubsub-devtools"]["args"] == ["lsp"]
    assert tomllib.loads((EDITORS / "zed" / "extension.toml").read_text())["language_servers"]
    for file in EDITORS.rglob("*.json"):
        json.loads(file.read_text())
    sublime = json.loads((EDITORS / "sublime" / "LSP.sublime-settings").read_text())
    assert sublime["clients"]["pubsub-devtools"]["command"] == ["pubsub-tools", "lsp"]
