"""Random edits of real files: is everything outside the edited statement kept, and nothing invented?

Run as `python -m tests.prove.edits --count 1000 --seed 1 [FOLDER ...]`. An edit counts when the file no longer
parses after it. Facts are definitions, classes and calls, each with its scope and line. What is expected comes
from the valid file: its facts without those of the edited statement (the smallest that holds the edit, with its
body), the lines shifted.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from pubsub_devtools_analysis.syntax import Reading, read
from pubsub_devtools_analysis.syntax.decode import decode, split_lines, with_unix_newlines
from pubsub_devtools_analysis.syntax.limits import parse
from pubsub_devtools_analysis.syntax.parsing import Parsed, parse_any
from tests.prove.registry import Outcome
from tests.prove.sources import real_files

Facts = set[tuple[str, str, int]]


class Broken(NamedTuple):
    """An edit of lines `first` to `last` (1-based; none when `last` is less): what replaces them."""

    kind: str
    first: int
    last: int
    new: list[str]


@dataclass
class Case:
    """A valid file, an edit that breaks it, and what must still be found."""

    name: str
    broken: Broken
    text: str
    expected: Facts
    unjudged: range
    """Lines of the edited text that belong to the edited statement."""


def prove(
    count: int, seed: int, jobs: int = 1, folders: tuple[str, ...] = (), *, verbose: str = ""
) -> Outcome:
    """Figures over `count` breaking edits, each read with the edited line as a hint and without."""
    tally: Counter[str] = Counter()
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(count):
        case = draw(random.Random(f"{seed}-{number}"), folders)
        for hinted in (True, False):
            start = time.perf_counter()
            reading = read(case.text.encode(), hint_of(case.broken) if hinted else None)
            times[hinted].append(time.perf_counter() - start)
            lost, false = judge(case, reading)
            prefix = "hinted" if hinted else "unhinted"
            tally[f"{prefix}_kept"] += not lost
            tally[f"{prefix}_false"] += len(false)
            if verbose == prefix and (lost or false):
                show(number, case, reading, lost, false)
    return outcome(count, tally, times)


def outcome(count: int, tally: Counter[str], times: dict[bool, list[float]]) -> Outcome:
    figures: dict[str, float] = {"count": count}
    for hinted, prefix in ((True, "hinted"), (False, "unhinted")):
        ordered = sorted(times[hinted])
        figures |= {
            f"{prefix}_kept_percent": round(100 * tally[f"{prefix}_kept"] / count, 2),
            f"{prefix}_false_facts": tally[f"{prefix}_false"],
            f"{prefix}_p50_ms": round(1000 * ordered[count // 2], 1),
            f"{prefix}_p95_ms": round(1000 * ordered[count * 95 // 100], 1),
            f"{prefix}_max_ms": round(1000 * ordered[-1], 1),
        }
    misses = []
    if figures["hinted_kept_percent"] < 99:
        misses.append("fewer than 99 % of the edits keep everything outside the edited statement")
    if figures["hinted_false_facts"]:
        misses.append("facts that are not in the file")
    return Outcome(figures, misses)


def facts(tree: ast.Module) -> Facts:
    """Definitions, classes and calls with their scope and line."""
    found: Facts = set()
    todo: list[tuple[ast.AST, str]] = [(tree, "")]
    while todo:
        node, scope = todo.pop()
        inner = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{scope}.{node.name}"
            found.add((type(node).__name__, inner, node.lineno))
        elif isinstance(node, ast.Call):
            found.add(("call", f"{scope}:{dotted(node.func)}", node.lineno))
        todo.extend((child, inner) for child in ast.iter_child_nodes(node))
    return found


def dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def judge(case: Case, reading: Reading) -> tuple[Facts, Facts]:
    """What was lost outside the edited statement, and what was invented there."""
    untrusted = {line for first, last in reading.dropped for line in range(first, last + 1)} | set(
        case.unjudged
    )
    found = {fact for fact in facts(reading.tree) if fact[2] not in untrusted}
    expected = {fact for fact in case.expected if fact[2] not in case.unjudged}
    return expected - found, found - expected


def draw(rng: random.Random, folders: tuple[str, ...] = ()) -> Case:
    """A file and an edit that breaks it."""
    files = real_files(folders, 100_000)
    while True:
        path = rng.choice(files)
        source = with_unix_newlines(decode(path.read_bytes()).text)
        tree = parse(source)
        if not isinstance(tree, ast.Module) or len(tree.body) < 3:
            continue
        lines = split_lines(source)
        for _ in range(20):
            edit = random_edit(rng, lines)
            text = "\n".join([*lines[: edit.first - 1], *edit.new, *lines[edit.last :]])
            if edit.kind and not isinstance(parse_any(text), Parsed):
                return Case(str(path), edit, text, *expectation(tree, lines, edit))


def expectation(tree: ast.Module, lines: list[str], edit: Broken) -> tuple[Facts, range]:
    """The facts that the edit leaves, at their new lines, and the lines of the edited statement, at theirs."""
    shift = len(edit.new) - (edit.last - edit.first + 1)
    edited = edited_statement(tree, lines, edit)
    kept = {
        (kind, name, line + shift if line > edit.last else line)
        for kind, name, line in facts(tree)
        if line not in edited
    }
    first = min(edited.start, edit.first) if edited else edit.first
    last = max(edited.stop - 1, edit.last) if edited else edit.last
    return kept, range(first, max(last + shift, edit.first + len(edit.new) - 1) + 1)


def edited_statement(tree: ast.Module, lines: list[str], edit: Broken) -> range:
    """The lines of the smallest statement that holds the edit; none when a line is put between two statements."""
    first, last = edit.first, edit.last
    if last < first:
        margin = (
            lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
            if first <= len(lines)
            else ""
        )
        tried = "\n".join([*lines[: first - 1], f"{margin}pass", *lines[first - 1 :]])
        if isinstance(parse(tried), ast.Module) and not in_string(tree, first):
            return range(0)
        first, last = first - 1, first
    smallest = range(1, len(lines) + 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            stop = (node.end_lineno or start) + 1
            if start <= first and last < stop and stop - start <= len(smallest):
                smallest = range(start, stop)
    return smallest


def in_string(tree: ast.Module, line: int) -> bool:
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    return any(node.lineno < line <= (node.end_lineno or 0) for node in strings)


def hint_of(edit: Broken) -> int:
    """The line on which the cursor stands after the edit."""
    return edit.first + max(len(edit.new) - 1, 0)


def random_edit(rng: random.Random, lines: list[str]) -> Broken:
    """One edit that somebody may be in the middle of."""
    at = rng.randrange(1, len(lines) + 1)
    line = lines[at - 1]
    margin = typed_margin(lines, at)
    column = rng.randrange(len(line) + 1)
    left, right = line[:column], line[column:]
    changed = {
        "delete character": left[:-1] + right,
        "delete token": left + right.partition(" ")[2],
        "insert bracket": left + rng.choice("()[]{}") + right,
        "insert quote": left + rng.choice(["'", '"', '"""', "'''"]) + right,
        "insert keyword": left
        + " "
        + rng.choice(["def", "if", "for", "class", "return", "in", "lambda", "else"])
        + " "
        + right,
        "insert partial call": left + rng.choice(["foo.bar(", "bus.publish(Ev", "emit('x', "]) + right,
        "cut line": left,
    }
    added = {
        "partial call": margin + rng.choice(["foo.bar(", "x = foo.bar(a, ", "await bus.publish(", "self."]),
        "unfinished string": margin + rng.choice(["x = 'abc", 'foo("abc', 'x = """abc', "f'{a"]),
        "unfinished def": margin
        + rng.choice(["def ", "def foo", "def foo(", "def foo(a, b", "async def foo(self", "class Foo("]),
        "unfinished decorator": margin + rng.choice(["@", "@foo.", "@foo.bar(", "@handler('x'"]),
        "unfinished block": margin
        + rng.choice(["if ", "if x:", "for a in ", "with open(", "try:", "for a in b:"]),
    }
    kind = rng.choice([*changed, *added, "delete line", "paste garbage"])
    if kind in changed:
        if not line.strip() or line.lstrip().startswith("#") or changed[kind] == line:
            return Broken("", at, at, [line])
        return Broken(kind, at, at, [changed[kind]])
    if kind in added:
        return Broken(kind, at, at - 1, [added[kind]])
    if kind == "delete line":
        return Broken(kind if line.strip() else "", at, at, [])
    return Broken(
        kind, at, at - 1, [margin * rng.randrange(2) + garbage(rng) for _ in range(rng.randrange(1, 4))]
    )


def typed_margin(lines: list[str], at: int) -> str:
    """The white space that an editor begins a new line with."""
    line = (
        lines[at - 1]
        if lines[at - 1].strip()
        else next((each for each in reversed(lines[:at]) if each.strip()), "")
    )
    deeper = "    " if not lines[at - 1].strip() and line.rstrip().endswith(":") else ""
    return line[: len(line) - len(line.lstrip())] + deeper


def garbage(rng: random.Random) -> str:
    words = [
        "foo",
        "=",
        "==",
        "(",
        ")",
        "[",
        "{",
        "}",
        ":",
        "if",
        "x.y",
        ",",
        "1",
        "'a'",
        "$",
        "->",
        "lambda",
        "!",
        "…",
    ]
    return " ".join(rng.choice(words) for _ in range(rng.randrange(2, 9)))


def show(number: int, case: Case, reading: Reading, lost: Facts, false: Facts) -> None:
    print(f"#{number} {case.broken} {case.name} unjudged {case.unjudged} dropped {reading.dropped}")
    print(f"   lost {len(lost)} {sorted(lost, key=lambda fact: fact[2])[:3]}")
    print(f"   false {len(false)} {sorted(false, key=lambda fact: fact[2])[:3]}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--verbose",
        choices=["hinted", "unhinted"],
        default="",
        help="show each edit that lost or invented something",
    )
    arguments.add_argument("folders", nargs="*")
    given = arguments.parse_args()
    result = prove(given.count, given.seed, folders=tuple(given.folders), verbose=given.verbose)
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())
