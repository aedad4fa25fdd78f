from __future__ import annotations

import pytest

from pubsub_devtools_analysis.render.theme import DARK, LIGHT, Theme


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_can_be_read(theme: Theme) -> None:
    paints = (theme.event, theme.likely_event, theme.function, theme.service, theme.group)
    assert min(contrast(paint.text, paint.fill) for paint in paints) >= 4.5
    assert contrast(theme.edge, theme.background) >= 4.5
    assert contrast(theme.edge, theme.group.fill) >= 4.5
    assert contrast(theme.group.text, theme.background) >= 4.5
    assert min(contrast(paint.line, theme.background) for paint in paints[:4]) >= 4.5
