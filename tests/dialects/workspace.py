"""Analyses a handful of files given as texts, so that a sample or a test can say in a line what must be found in them."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.host import AnalysisHost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools.model import Site

_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def files(code: str) -> dict[str, str]:
    """The files of a sample: parted by lines `# file: pkg/tasks.py`, or one that is called app.py."""
    first, *rest = _FILE.split(code)
    return dict(zip(rest[::2], rest[1::2], strict=True)) if rest else {"app.py": first}


def sites(texts: Mapping[str, str]) -> tuple[Site, ...]:
    """The named sites of these files, in a folder of their own."""
    with TemporaryDirectory() as folder:
        for path, text in texts.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return AnalysisHost.open(Path(folder), use_cache=False).snapshot().sites


def finds(code: str) -> list[str]:
    """What is found in a sample, in the words of its `finds`."""
    texts = files(code)
    return [
        f"{site.kind} {site.event.partition(':')[2]} "
        + (f"{site.place.path}:{site.place.line}" if len(texts) > 1 else f"{site.place.line}")
        for site in sites(texts)
    ]
