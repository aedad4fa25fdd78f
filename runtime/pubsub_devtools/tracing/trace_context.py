"""W3C Trace Context: the two headers by which traces cross services, read as strictly as the recommendation asks.

Source: https://www.w3.org/TR/trace-context/, sections 3.2 (``traceparent``) and 3.3 (``tracestate``).
"""

from __future__ import annotations

import re

import msgspec

SAMPLED = 1
MEMBERS = 32
"""How many members a ``tracestate`` has at most."""

# Compiled when a first header comes, which in many programs never does.
_TRACEPARENT = r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
_KEY = r"(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})"
_VALUE = r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
_MEMBER = rf"({_KEY})=({_VALUE})"


class TraceContext(msgspec.Struct, frozen=True):
    """One place in a trace: what a service tells the next one about where it stands.

    ``trace_id`` is 32 and ``span_id`` 16 lower-case hexadecimal digits, ``flags`` the eight bits of which the lowest says
    that the trace is recorded, ``state`` the ``tracestate`` of other tracing systems.

    Example:
        >>> TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7").traceparent
        '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    """

    trace_id: str
    span_id: str
    flags: int = SAMPLED
    state: str = ""

    @property
    def traceparent(self) -> str:
        """The header of this name."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.flags & SAMPLED else '00'}"


def parse_traceparent(traceparent: str, tracestate: str = "") -> TraceContext | None:
    """Read the headers that came with an event.

    Args:
        traceparent: The header of this name. A version later than ours is read as far as it is like ours.
        tracestate: The header of this name; where it is malformed it is left out and the rest counts.

    Returns:
        The sender's place in the trace, or None where the header is malformed: a new trace begins then.

    Example:
        >>> context = parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "vendor=1")
        >>> context.span_id, context.flags, context.state
        ('00f067aa0ba902b7', 0, 'vendor=1')
        >>> parse_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-00") is None
        True
    """
    found = re.fullmatch(_TRACEPARENT, traceparent, re.DOTALL)
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    unreadable = version == "ff" or (version == "00" and rest is not None)
    if unreadable or not trace_id.strip("0") or not span_id.strip("0"):
        return None
    # What other bits mean is not settled: they are not passed on.
    return TraceContext(trace_id, span_id, int(flags, 16) & SAMPLED, parse_tracestate(tracestate))


def parse_tracestate(tracestate: str) -> str:
    """Return the header with its members in order and no needless space, or ``""`` where it is malformed.

    Example:
        >>> parse_tracestate("rojo=00f067aa0ba902b7 ,congo=t61rcWkgMzE")
        'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'
        >>> parse_tracestate("a=1,a=2")
        ''
    """
    members = [stripped for part in tracestate.split(",") if (stripped := part.strip(" \t"))]
    found = [re.fullmatch(_MEMBER, member) for member in members]
    keys = [match[1] for match in found if match]
    if len(keys) < len(members) or len(set(keys)) < len(keys) or len(keys) > MEMBERS:
        return ""
    return ",".join(members)
