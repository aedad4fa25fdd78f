"""One client, one file, two servers: a Python server and ours. Nothing comes twice, and nothing is lost."""

from __future__ import annotations

import io
import json
import keyword
import os
import shutil
import subprocess
import sys
import tokenize
import venv
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.lsp.e2e.client import Server
from tests.lsp.editor import marks

CODE = """
    from pubsub_devtools import BaseEvent, EventBus, event_handler
    from pyee import EventEmitter

    bus = EventBus()
    emitter = EventEmitter()


    class OrderPlaced(BaseEvent):
    #     ^^^^^^^^^^^ class
        total: int
    #   ^^^^^ field


    @event_handler(OrderPlaced)
    #^^^^^^^^^^^^^ decorator
    #              ^^^^^^^^^^^ class
    def on_placed(event: OrderPlaced) -> None:
    #   ^^^^^^^^^ handler
    #                    ^^^^^^^^^^^ class
        print(event.total)
    #               ^^^^^ field


    @emitter.on("order.paid")
    #        ^^ decorator
    #            ^^^^^^^^^^ string
    def on_paid(total: int) -> None:
    #   ^^^^^^^ handler
        print(total)


    def place(count: int) -> int:
        bus.publish(OrderPlaced(total=count))
    #       ^^^^^^^ method
    #               ^^^^^^^^^^^ class
    #                           ^^^^^ field
        emitter.emit("order.paid", count)
    #           ^^^^ method
    #                 ^^^^^^^^^^ string
        return count
"""
MARKS = marks(CODE)
QUESTIONS = ("definition", "implementation", "typeDefinition", "hover", "documentHighlight")
VERSIONS = count(2)
RUNTIME = Path(__file__).parents[3] / "runtime"
"""Where both find what the code imports."""
ABILITIES: dict[str, Any] = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "semanticTokens": {"tokenTypes": [], "tokenModifiers": [], "formats": [], "requests": {"full": True}},
    },
}


class Pair(NamedTuple):
    """The two servers of one client."""

    python: Server
    ours: Server
    file: Path

    def document(self, **more: Any) -> dict[str, Any]:
        return {"textDocument": {"uri": self.file.as_uri()}, **more}

    def at(self, line: int, column: int) -> dict[str, Any]:
        return self.document(position={"line": line, "character": column})

    def goals(self, server: Server, line: int, column: int) -> set[tuple[str, int, int, int]]:
        """Where definition leads to: the file, the line, and the name's columns."""
        found = server.ask("textDocument/definition", self.at(line, column)) or []
        spans = [(Path(each["uri"]).name, each["range"]) for each in found]
        return {
            (name, span["start"]["line"], span["start"]["character"], span["end"]["character"])
            for name, span in spans
        }

    def labels(self, server: Server, added: str, version: int) -> dict[str, dict[str, Any]]:
        """What is offered at the end of the file with something added to it."""
        text = MARKS.text + added
        server.send(
            {
                "method": "textDocument/didChange",
                "params": {
                    "textDocument": {"uri": self.file.as_uri(), "version": version},
                    "contentChanges": [{"text": text}],
                },
            }
        )
        end = text.split("\n")
        answer = server.ask("textDocument/completion", self.at(len(end) - 1, len(end[-1])))
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {each["label"].rstrip("="): each for each in items}


def pyright(_folder: Path) -> str:
    """Pyright's server, which the development environment has."""
    return str(Path(sys.executable).with_name("pyright-langserver"))


def basedpyright(folder: Path) -> str:
    """Basedpyright's server: with its own node it weighs 100 MB, so it is installed where tests may do so alone."""
    found = shutil.which("basedpyright-langserver")
    if found is None and (os.environ.get("CI") == "true" or os.environ.get("PUBSUB_TEST_INSTALL") == "1"):
        venv.create(folder / "venv", with_pip=True)
        install = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "-q", "basedpyright"]
        subprocess.run(install, check=True, capture_output=True)
        found = str(folder / "venv" / "bin" / "basedpyright-langserver")
    if found is None:
        pytest.skip("needs basedpyright-langserver; PUBSUB_TEST_INSTALL=1 lets the test install it")
    return found


@pytest.fixture(scope="module", params=[pyright, basedpyright])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("beside")
    file = folder / "project" / "app.py"
    file.parent.mkdir()
    file.write_text(MARKS.text)
    (file.parent / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(RUNTIME)]}))
    program = request.param(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(folder / "cache"))
        with Server(program=[program, "--stdio"]) as python, Server() as ours:
            try:
                python.greet(file.parent, **ABILITIES)
            except (AssertionError, OSError):
                pytest.skip(f"{request.param.__name__} does not start here: it needs node")
            ours.greet(file.parent, **ABILITIES)
            for server in (python, ours):
                server.open(file, MARKS.text)
            ours.complete()
            yield Pair(python, ours, file)


def names_elsewhere() -> list[tuple[int, int]]:
    """Where names stand that are none of an event."""
    ours = {(line, start) for places in MARKS.places.values() for line, start, _ in places}
    tokens = tokenize.generate_tokens(io.StringIO(MARKS.text).readline)
    names = [each for each in tokens if each.type == tokenize.NAME and each.string not in keyword.kwlist]
    starts = [(each.start[0] - 1, each.start[1]) for each in names]
    return [each for each in starts if each not in ours]


def test_elsewhere_ours_is_silent_and_theirs_is_heard(pair: Pair) -> None:
    places = names_elsewhere()
    assert len(places) > 20
    said = {
        (question, place)
        for place in places
        for question in QUESTIONS
        if pair.ours.ask(f"textDocument/{question}", pair.at(*place))
    }
    assert said == set()
    unknown = {place for place in places if pair.python.ask("textDocument/hover", pair.at(*place)) is None}
    assert len(unknown) <= len(places) // 4


def test_at_every_place_of_an_event_ours_has_something_to_tell(pair: Pair) -> None:
    for name, places in MARKS.places.items():
        for line, column, _ in places:
            assert pair.ours.ask("textDocument/hover", pair.at(line, column)) is not None, (name, line)


def test_at_a_decorator_nothing_of_ours_stands_beside_its_definition(pair: Pair) -> None:
    for line, column, _ in MARKS.places["decorator"]:
        assert pair.goals(pair.ours, line, column) == set()


@pytest.mark.parametrize("name", ["class", "field"])
def test_at_a_class_and_its_fields_both_lead_to_the_very_same_place(pair: Pair, name: str) -> None:
    (declared, *_) = MARKS.places[name]
    for line, column, _ in MARKS.places[name]:
        goals = pair.goals(pair.ours, line, column)
        assert goals == {("app.py", *declared)}
        assert goals == pair.goals(pair.python, line, column)


def test_at_a_publishing_method_the_handlers_stand_beside_its_definition(pair: Pair) -> None:
    handlers = MARKS.places["handler"]
    for (line, column, _), handler in zip(MARKS.places["method"], handlers, strict=True):
        assert pair.goals(pair.ours, line, column) == {("app.py", *handler)}
        assert not pair.goals(pair.ours, line, column) & pair.goals(pair.python, line, column)


def test_names_in_strings_are_ours_alone(pair: Pair) -> None:
    for line, column, _ in MARKS.places["string"]:
        assert pair.goals(pair.python, line, column) == set()
        assert pair.goals(pair.ours, line, column) != set()


def test_a_handler_s_own_name_leads_nowhere_a_second_time(pair: Pair) -> None:
    for line, column, _ in MARKS.places["handler"]:
        assert pair.goals(pair.ours, line, column) == set()
        assert pair.goals(pair.python, line, column) != set()


def test_tokens_and_symbols_of_ours_are_events_alone(pair: Pair) -> None:
    marked = {(line, start) for places in MARKS.places.values() for line, start, _ in places}
    numbers = pair.ours.ask("textDocument/semanticTokens/full", pair.document())["data"]
    line = column = 0
    for at in range(0, len(numbers), 5):
        down, right = numbers[at : at + 2]
        line, column = line + down, right if down else column + right
        assert (line, column) in {place[:2] for name in ("class", "string") for place in MARKS.places[name]}
    symbols = pair.ours.ask("textDocument/documentSymbol", pair.document())
    starts = [each["selectionRange"]["start"] for each in symbols]
    assert {(each["line"], each["character"]) for each in starts} <= marked
    listed = {each["name"] for each in pair.python.ask("textDocument/documentSymbol", pair.document())}
    assert {"bus", "emitter", "place"} <= listed
    assert not {"bus", "emitter", "place"} & {each["name"] for each in symbols}


@pytest.mark.parametrize(
    ("typed", "ours", "both"),
    [
        ("", set(), set()),
        ("pl", set(), set()),
        ("bus.", set(), set()),
        ('emitter.emit("', {"order.paid"}, set()),
        ('@emitter.on("', {"order.paid"}, set()),
        ("def bill(event: OrderPlaced) -> None:\n    event.", set(), set()),
        # An event's class and its arguments are in both lists: ours tells the counts and the schema besides.
        ("bus.publish(", {"OrderPlaced"}, {"OrderPlaced"}),
        ("@event_handler(", {"OrderPlaced"}, {"OrderPlaced"}),
        ("bus.publish(OrderPlaced(", {"total"}, {"total"}),
    ],
)
def test_what_is_offered(pair: Pair, typed: str, ours: set[str], both: set[str]) -> None:
    version = next(VERSIONS)
    offered = pair.labels(pair.ours, typed, version)
    theirs = pair.labels(pair.python, typed, version)
    assert set(offered) == ours
    assert set(offered) & set(theirs) == both
    assert all(item["detail"] for item in offered.values())
