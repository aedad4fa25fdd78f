"""Alert rules: somebody hears of it when dead letters come faster than a rule allows."""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Literal

import msgspec

from pubsub_devtools.resilience.dead_letters.letter import DeadLetter, LetterFilter

_log = logging.getLogger("pubsub_devtools")

Per = Literal["all", "cause", "handler", "event"]

_MOST_GROUPS = 1000
"""So many causes, handlers or events are counted at once; the one that was quiet for longest is forgotten."""


class Alert(msgspec.Struct, frozen=True):
    """What a rule tells.

    Attributes:
        rule: Its name.
        count: How many dead letters there were within the window.
        window_seconds: The window.
        group: The fingerprint, handler or event they have in common; empty where the rule counts all.
        sample: The id of the last of them.
        handler: Its handler.
        event: Its event's name.
        error: Its error in one line.
    """

    rule: str
    count: int
    window_seconds: float
    group: str
    sample: str
    handler: str
    event: str
    error: str

    @property
    def text(self) -> str:
        """The alert in one sentence."""
        many = f"{self.count} dead letters within {self.window_seconds:g} s"
        where = f" of {self.group}" if self.group else ""
        return f"{self.rule}: {many}{where}; the last at {self.handler} on {self.event}: {self.error}"


Target = Callable[[Alert], None]


def to_log(alert: Alert) -> None:
    """Tell an alert as a line of the log, level ERROR."""
    _log.error("%s (pubsub-tools dlq show %s)", alert.text, alert.sample)


class AlertRule(msgspec.Struct, frozen=True):
    """When to tell whom: ``at_least`` dead letters within ``window_seconds``.

    Attributes:
        name: What the alert is called.
        at_least: So many dead letters are too many.
        window_seconds: Within so many seconds; the window slides.
        per: Count all together, or each cause, handler or event by itself.
        which: Count these letters alone.
        to: Who is told: ``to_log``, any callable, a ``webhook.Webhook``. Plugins with ``on_alert`` hear of it besides.
        again_after: Seconds for which the same group is not told again; by default one window.

    Example:
        >>> AlertRule("payments", at_least=10, window_seconds=60, which=LetterFilter(handler="payments.charge")).per
        'all'
    """

    name: str
    at_least: int
    window_seconds: float
    per: Per = "all"
    which: LetterFilter = LetterFilter()
    to: tuple[Target, ...] = (to_log,)
    again_after: float | None = None

    def __post_init__(self) -> None:
        if self.at_least < 1 or self.window_seconds <= 0:
            raise ValueError(f"AlertRule({self.name!r}): at_least and window_seconds must be above 0")


class AlertMeter:
    """Counts for one rule. Pure but for what it remembers: times come in, on a clock that nobody sets.

    Example:
        >>> meter = AlertMeter(AlertRule("two at once", at_least=2, window_seconds=10))
        >>> letter = DeadLetter(id="1", handler="h", event_id="1", event_type="Ping", body=b"", error_type="OSError",
        ...                     first_failed=0.0, last_failed=0.0)
        >>> meter.saw(letter, 0.0), meter.saw(letter, 20.0)
        (None, None)
        >>> meter.saw(letter, 25.0).text
        'two at once: 2 dead letters within 10 s; the last at h on Ping: OSError'
    """

    def __init__(self, rule: AlertRule) -> None:
        self.rule = rule
        self._groups: OrderedDict[str, deque[float]] = OrderedDict()
        self._quiet_until: dict[str, float] = {}

    def saw(self, letter: DeadLetter, now: float) -> Alert | None:
        """Count a letter, and return the alert if it is one too many."""
        rule = self.rule
        if not rule.which.matches(letter):
            return None
        group = _group(rule.per, letter)
        times = self._times(group)
        times.append(now)
        # Of ever more letters only the last `at_least` matter: is the first of them within the window?
        if len(times) < rule.at_least or now - times[0] > rule.window_seconds:
            return None
        if now < self._quiet_until.get(group, now):
            return None
        self._quiet_until[group] = now + (
            rule.window_seconds if rule.again_after is None else rule.again_after
        )
        return _alert(rule, group, letter, len(times))

    def _times(self, group: str) -> deque[float]:
        times = self._groups.setdefault(group, deque(maxlen=self.rule.at_least))
        self._groups.move_to_end(group)
        if len(self._groups) > _MOST_GROUPS:
            forgotten, _ = self._groups.popitem(last=False)
            self._quiet_until.pop(forgotten, None)
        return times


def _group(per: Per, letter: DeadLetter) -> str:
    match per:
        case "all":
            return ""
        case "cause":
            return letter.fingerprint
        case "handler":
            return letter.handler
        case "event":
            return letter.event_type


def _alert(rule: AlertRule, group: str, letter: DeadLetter, count: int) -> Alert:
    error = f"{letter.error_type}: {letter.message}" if letter.message else letter.error_type
    first_line = error.partition("\n")[0]
    return Alert(
        rule.name, count, rule.window_seconds, group, letter.id, letter.handler, letter.event_type, first_line
    )
