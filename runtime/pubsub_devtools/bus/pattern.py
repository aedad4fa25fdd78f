"""Names that handlers listen to: exact, or with wildcards for whole dotted segments."""

from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a predicate that tells whether the pattern covers an event's name.

    Args:
        pattern: Dotted segments; ``*`` stands for exactly one segment, ``**`` for any number of them, none included.

    Raises:
        ValueError: A segment is empty, or a wildcard is only a part of one (``Order*``).

    Example:
        >>> covers = matcher("orders.*.failed")
        >>> covers("orders.payment.failed"), covers("orders.failed")
        (True, False)
        >>> matcher("orders.**")("orders")
        True
    """
    wanted = tuple(pattern.split("."))
    for segment in wanted:
        if not segment or ("*" in segment and segment not in ("*", "**")):
            raise ValueError(f"{pattern!r}: each dotted segment is a name, '*' or '**'")
    if not is_wildcard(pattern):
        return pattern.__eq__
    return lambda name: _covers(wanted, tuple(name.split(".")))


def is_wildcard(pattern: str) -> bool:
    """Tell whether the pattern stands for more than the one name that it spells."""
    return "*" in pattern


def _covers(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Walk both from the left; after a ``**`` remember where to resume with one segment more."""
    at = resume_wanted = resume_name = 0
    open_ended = False
    position = 0
    while position < len(name):
        if at < len(wanted) and wanted[at] == "**":
            open_ended, resume_wanted, resume_name = True, at, position
            at += 1
        elif at < len(wanted) and wanted[at] in ("*", name[position]):
            at += 1
            position += 1
        elif open_ended:
            resume_name += 1
            at, position = resume_wanted + 1, resume_name
        else:
            return False
    return all(segment == "**" for segment in wanted[at:])
