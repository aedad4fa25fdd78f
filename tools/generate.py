"""Writes the files that are made from the code, or checks that they are fresh.

    python -m tools.generate            write what has changed
    python -m tools.generate --check    write nothing; exit 1 and name the stale files

To add one, add a line to TARGETS: the file, and the function that returns its text. The text may depend on the code alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pubsub_devtools.model import diff, field_type, finding, graph
from pubsub_devtools_analysis.checks.pages import check_pages
from pubsub_devtools_analysis.dialect_pages import dialect_pages
from pubsub_devtools_analysis.settings import settings_schema
from tools.json_schema import json_schema
from tools.typescript import typescript

ROOT = Path(__file__).parent.parent

TARGETS: dict[str, Callable[[], str]] = {
    "docs/reference/graph.schema.json": lambda: json_schema(graph.EventGraph),
    "docs/reference/diff.schema.json": lambda: json_schema(diff.Diff),
    "docs/reference/findings.schema.json": lambda: json_schema(finding.Findings),
    "docs/reference/settings.schema.json": lambda: (
        json.dumps(settings_schema(), indent=2, sort_keys=True) + "\n"
    ),
    "vscode_extension/web_ui/src/generated/graph.ts": lambda: typescript(graph, field_type),
    **{name: partial(str, text) for name, text in (dialect_pages() | check_pages()).items()},
}


def stale(root: Path, targets: Mapping[str, Callable[[], str]] = TARGETS) -> dict[str, str]:
    """Return the files under ``root`` that differ from what the code gives, with the text they should have."""
    fresh = {name: make() for name, make in targets.items()}
    return {name: text for name, text in fresh.items() if _read(root / name) != text}


def write(root: Path, texts: Mapping[str, str]) -> None:
    """Write each text to its file under ``root``, and make the folders on the way."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate", description="Write the generated files."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is stale")
    check = bool(parser.parse_args().check)
    changed = stale(ROOT)
    if not check:
        write(ROOT, changed)
    for name in changed:
        print(f"stale: {name}" if check else f"wrote {name}")
    if changed and check:
        print("run `make generate` and commit the result")
    return int(bool(changed) and check)


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    raise SystemExit(main())
