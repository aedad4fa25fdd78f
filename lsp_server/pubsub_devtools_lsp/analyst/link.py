"""The server's end of an analyst, as a session sees it."""

from __future__ import annotations

from typing import Protocol

from pubsub_devtools_lsp.analyst.messages import ToAnalyst


class Link(Protocol):
    """An analyst of one root, wherever it runs. What it tells goes to whom the link was made for."""

    def tell(self, message: ToAnalyst) -> None:
        """Have the analyst do something; returns at once."""
        ...

    def close(self) -> None:
        """End the analyst; nothing is told afterwards."""
        ...
