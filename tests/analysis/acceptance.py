"""Takes over what `init` proposes for a project, and says what that changes: certainty alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pubsub_devtools.model import EventGraph, Site
from pubsub_devtools_analysis.analysis import Proposal, analyze, propose


class Accepted(NamedTuple):
    """The graph before and after, what was proposed, and what is proposed once that is accepted."""

    before: EventGraph
    after: EventGraph
    proposal: Proposal
    again: Proposal


def accept(root: Path) -> Accepted:
    """Accept the proposal for a folder; its pyproject.toml is put back afterwards."""
    before, proposal = analyze(root, use_cache=False), propose(root)
    file = root / "pyproject.toml"
    old = file.read_text("utf-8") if file.exists() else None
    file.write_text(f"{old or ''}\n{proposal.toml}", "utf-8")
    try:
        return Accepted(before, analyze(root, use_cache=False), proposal, propose(root))
    finally:
        file.unlink() if old is None else file.write_text(old, "utf-8")


def assert_same_but_sure(accepted: Accepted) -> None:
    """The same sites come out, each once, in the same dialect; those of the hand-written bus are sure."""
    before, after, proposal, again = accepted
    assert sorted(map(_what, after.sites)) == sorted(map(_what, before.sites))
    assert {u.place.path for u in after.unnamed} == {u.place.path for u in before.unnamed}
    likely = {site.id for site in before.sites if site.certainty == "likely" and site.dialect == "custom_bus"}
    sure = {site.id for site in after.sites if site.certainty == "sure"}
    assert len(likely & sure) == sum(bus.sites for bus in proposal.buses)
    assert {s.reason for s in after.sites if s.id in likely - sure} <= {"configured-name", "only-wrapper"}
    assert (again.buses, again.toml) == ((), "")
    assert after.problems == before.problems


def _what(site: Site) -> tuple[str, str, int, str, str]:
    return site.kind, site.place.path, site.place.line, site.event, site.dialect
