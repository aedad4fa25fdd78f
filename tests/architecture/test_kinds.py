"""Every question that the evaluation has remembered is one of its kinds: else a file matched anew would forget its answer."""

from __future__ import annotations

import re
from pathlib import Path

from pubsub_devtools_analysis import evaluation

_QUESTION = re.compile(r'(?:memo\.get\(\s*|key = )\("([\w ]+)",')


def test_the_kinds_of_evaluation_are_all_named() -> None:
    files = Path(evaluation.__file__).parent.glob("*.py")
    asked = {kind for file in files for kind in _QUESTION.findall(file.read_text())}
    assert asked == evaluation.KINDS
