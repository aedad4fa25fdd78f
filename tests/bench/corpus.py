"""What the analysis finds in one checkout, in the form that the scorer reads.

    python tests/bench/corpus.py SRC --repo OWNER/NAME [--config FILE] > out.jsonl

One JSON object a line for each site that is sure or likely. The event is its name without the transport.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pubsub_devtools.model import Site
from pubsub_devtools_analysis.analysis import analyze
from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.project import ProjectError


def lines(root: Path, repo: str, config: Path | None = None) -> Iterator[str]:
    """The lines of a checkout. Nothing is remembered of it.

    Raises:
        ProjectError: it cannot be read as a whole.
        ConfigError: its settings cannot be used.
    """
    for site in analyze(root, config=config, use_cache=False, fields=True).sites:
        if site.certainty != "guess":
            yield json.dumps(
                {
                    "repo": repo,
                    "kind": site.kind,
                    "event": site.event.partition(":")[2],
                    "path": site.place.path,
                    "line": site.place.line,
                    "symbol": site.symbol,
                    "dialect": site.dialect,
                    "certainty": site.certainty,
                    **fields(site),
                }
            )


def fields(site: Site) -> dict[str, object]:
    """What a handler reads, or a publisher gives."""
    if site.kind == "handle":
        return {"reads": [use.name for use in site.reads], "passed_whole_to": list(site.passed_whole_to)}
    if site.kind == "publish":
        return {"keys": [use.name for use in site.keys], "open": site.open}
    return {}


def main() -> int:
    """Print the lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("src", type=Path)
    parser.add_argument("--repo", required=True, metavar="OWNER/NAME")
    parser.add_argument("--config", type=Path)
    given = parser.parse_args()
    try:
        for line in lines(given.src, given.repo, given.config):
            print(line)
    except (ProjectError, ConfigError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
