"""What a dialect says of its messages, in words: for the page of the dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pubsub_devtools_analysis.dialect import Message

__all__ = ["message_words"]

_PARAMETERS = "each parameter of the handler is a field"


def message_words(message: Message) -> Iterator[str]:
    """The parts of one sentence."""
    yield _carried(message)
    if message.wrapped:
        yield f"a parameter annotated as {_either(message.wrapped)} carries it where no other does, in {_either(message.body)}"
    if message.nested:
        yield "such fields have fields of their own"
    if message.skip:
        yield f"not {_places(message.skip)}"
    if message.injected:
        yield f"not what is annotated as, or defaults to, {_either(message.injected)}"
    if message.loop:
        yield f"a call that consumes without a handler leads to it by {_either(message.loop)}"


def _carried(message: Message) -> str:
    inside = "" if message.wrapped or not any(message.body) else f", in {_either(message.body)}"
    if message.form == "parameters":
        return _PARAMETERS
    if message.form == "arity":
        return f"the handler's one parameter carries the payload{inside}; of several each is a field"
    return f"{_places(message.parameter or (0,))} of the handler carries the payload{inside}"


def _places(places: Iterable[str | int]) -> str:
    return " or ".join(f"`{p}`" if isinstance(p, str) else f"parameter {p + 1}" for p in places)


def _either(texts: Iterable[str]) -> str:
    return " or ".join(f"`{text}`" if text else "itself" for text in texts)
