"""The flow of one event as a Mermaid sequence diagram: who sends what to whom, in the order in which it follows.

Participants are services; in code that has only one, they are modules. A dashed arrow is likely, not certain; an open
arrow head is a delivery that does not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.certainty import weakest
from pubsub_devtools_analysis.queries.explain import certainty_of
from pubsub_devtools_analysis.render.mermaid import escaped, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubsub_devtools.model import Certainty, Event, Site
    from pubsub_devtools_analysis.queries.explain import Explanation, Follow, Next

MAX_MESSAGES = 150
_CUTS = {
    "cycle": "a cycle: and so on",
    "shown": "goes on as shown",
    "deep": "goes on",
}


def sequence(explanation: Explanation, events: Mapping[str, Event]) -> str:
    """The Mermaid source of everything that follows one event; ``events`` gives names and delivery."""
    return _Diagram(explanation, events).source()


class _Diagram:
    """Collects participants in the order in which they first take part, and messages up to a limit."""

    def __init__(self, explanation: Explanation, events: Mapping[str, Event]) -> None:
        self._explanation = explanation
        self._events = events
        self._several = len({site.service for site in _all_sites(explanation)}) > 1
        self._participants: dict[str, str] = {}
        self._rows: list[str] = []
        self._messages = 0

    def source(self) -> str:
        event, publishers = self._explanation.event, self._explanation.publishers
        homes = dict.fromkeys(self._home(reach.site) for reach in publishers)
        start = self._participant(
            next(iter(homes)) if len(homes) == 1 else "several publishers" if homes else "outside"
        )
        for reach in publishers:
            where = f"{reach.site.place.path}:{reach.site.place.line}"
            self._note(start, reach.site.symbol, where)
        sure: Certainty = "sure" if any(reach.certainty == "sure" for reach in publishers) else "likely"
        self._follow(start, event.id, self._explanation.follows, sure)
        if self._messages > MAX_MESSAGES:
            self._note(start, f"{self._messages - MAX_MESSAGES} more messages left out")
        head = [f"  participant {short} as {escaped(name)}" for name, short in self._participants.items()]
        title = f"  accTitle: {plain(f'What follows {event.name}')}"
        return "\n".join(["sequenceDiagram", title, *head, *self._rows]) + "\n"

    def _follow(self, source: str, event: str, follows: tuple[Follow, ...], certainty: Certainty) -> None:
        for follow in follows:
            self._messages += 1
            if self._messages <= MAX_MESSAGES:
                target = self._participant(self._home(follow.handler))
                self._message(source, target, event, weakest((certainty, follow.certainty)))
                self._note(target, follow.handler.symbol)
                for step in follow.publishes:
                    self._next(target, step)

    def _next(self, source: str, step: Next) -> None:
        if step.cut:
            self._note(source, f"→ {self._name(step.event)}", _CUTS[step.cut])
        elif step.follows:
            self._follow(source, step.event, step.follows, certainty_of(step))
        else:
            self._note(source, f"→ {self._name(step.event)}", "no handler here")

    def _message(self, source: str, target: str, event: str, certainty: Certainty) -> None:
        known = self._events.get(event)
        waits = known is None or known.delivery == "in-process"
        line = "-" if certainty == "sure" else "--"
        self._rows.append(f"  {source}{line}{'>>' if waits else ')'}{target}: {escaped(self._name(event))}")

    def _note(self, over: str, *rows: str) -> None:
        self._rows.append(f"  Note over {over}: {'<br/>'.join(escaped(row) for row in rows)}")

    def _participant(self, name: str) -> str:
        return self._participants.setdefault(name, f"p{len(self._participants)}")

    def _home(self, site: Site) -> str:
        return (site.service if self._several else "") or site.place.path

    def _name(self, event: str) -> str:
        known = self._events.get(event)
        return known.name if known else event


def _all_sites(explanation: Explanation) -> Iterator[Site]:
    yield from (reach.site for reach in (*explanation.publishers, *explanation.handlers))
    waiting = list(explanation.follows)
    while waiting:
        follow = waiting.pop()
        yield follow.handler
        waiting += [further for step in follow.publishes for further in step.follows]
