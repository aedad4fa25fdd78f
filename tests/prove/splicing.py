"""Two ways to one file's facts: those made from the facts before an edit are those of the edited text read whole.

Run as `python -m tests.prove splicing`. Files are real ones, each edited five times in a row, soundly and not.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from pubsub_devtools_analysis.extraction.splice import Edited, edited, splice
from pubsub_devtools_analysis.reading import facts_of
from pubsub_devtools_analysis.syntax.decode import decode, split_lines
from tests.bench.edits import KINDS
from tests.prove.facts_form import form
from tests.prove.registry import Outcome
from tests.prove.sources import real_files

Edit = Callable[[bytes, int, random.Random], bytes | None]
EDITS_A_FILE = 5


def prove(count: int, seed: int, jobs: int = 1, folders: tuple[str, ...] = ()) -> Outcome:
    """Compare `count` edits drawn by `seed`."""
    chance = random.Random(seed)
    files = real_files(folders)
    tally: Counter[str] = Counter()
    times: Counter[str] = Counter()
    misses: list[str] = []
    while tally["count"] < count:
        path = chance.choice(files)
        content = path.read_bytes()
        state: Edited | None = whole(content)
        if state.facts.problems:
            continue
        for number in range(EDITS_A_FILE):
            kind = chance.choice(sorted(EDITS))
            after = EDITS[kind](content, number, chance)
            if after is None or state is None:
                continue
            tally["count"] += 1
            found, state = timed(times, state, after)
            tally[found] += 1
            if found == "different":
                misses.append(
                    f"{path}: edit {number + 1} ({kind}) gives other facts than the text read whole"
                )
            content = after
    ratio = round(times["whole"] / max(times["splice"], 1), 1)
    return Outcome({**tally, "times_as_fast": ratio}, misses)


def timed(times: Counter[str], state: Edited, after: bytes) -> tuple[str, Edited | None]:
    """How an edit went, and the state to go on from; none when the text is broken."""
    lines = split_lines(decode(after).text)
    start = time.perf_counter_ns()
    made = splice(state, lines)
    middle = time.perf_counter_ns()
    cold = whole(after)
    if made is None:
        return "read_whole", None if cold.facts.problems else cold
    times["splice"] += middle - start
    times["whole"] += time.perf_counter_ns() - middle
    return "same" if form(made) == form(cold) else "different", made


def whole(content: bytes) -> Edited:
    return edited(split_lines(decode(content).text), facts_of(content))


def repeat(content: bytes, _: int, chance: random.Random) -> bytes:
    """A line twice."""
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    return b"\n".join([*lines[:place], lines[place], *lines[place:]])


def remove(content: bytes, _: int, chance: random.Random) -> bytes:
    """A few lines less."""
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    return b"\n".join([*lines[:place], *lines[place + chance.choice((1, 1, 2, 5)) :]])


def indent(content: bytes, _: int, chance: random.Random) -> bytes:
    """A line that stands elsewhere."""
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    lines[place] = lines[place][4:] if lines[place].startswith(b"    ") else b"    " + lines[place]
    return b"\n".join(lines)


def comment(content: bytes, _: int, chance: random.Random) -> bytes:
    """A comment anywhere."""
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines)), b"        # noted")
    return b"\n".join(lines)


EDITS: dict[str, Edit] = {**KINDS, "repeat": repeat, "remove": remove, "indent": indent, "comment": comment}
