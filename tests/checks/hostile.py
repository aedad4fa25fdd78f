"""Findings whose every text is hostile: terminal escapes, markup, line ends, text direction, brackets, XML, surrogates."""

from __future__ import annotations

from pubsub_devtools.model import Finding, Place, Related

NASTY = "\x1b[31mred\x1b]8;;http://evil\x07 [bold]x[/bold] </failure><script> \n::error::x\r \u202egnp [a](1) \x00 %0A,:\ud800"


def findings() -> tuple[Finding, ...]:
    """One finding of each severity."""
    place = Place(f"a/{NASTY}.py", 3, 4, 3, 9)
    related = (Related(place, f"there {NASTY}"), Related(place, "elsewhere", NASTY))
    return tuple(
        Finding(
            "PSD001", severity, f"no event is called {NASTY}", place, NASTY, f"bus:{NASTY}", related, "f00d"
        )
        for severity in ("error", "warning", "info", "hint")
    )
