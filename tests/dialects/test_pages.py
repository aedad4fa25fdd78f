"""The reference of the dialects is fresh, whole, and says what the tables say."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from pubsub_devtools_analysis.dialect import parse, shipped
from pubsub_devtools_analysis.dialect_pages import FOLDER, dialect_pages, dialect_schema, pages

ROOT = Path(__file__).parents[2]


def test_the_committed_pages_are_fresh():
    committed = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / FOLDER).iterdir()
    }
    assert committed == dialect_pages(), "run `make generate`, and remove the pages of dialects that are gone"


def test_every_dialect_has_a_page_and_a_line_in_the_index():
    written = pages(shipped())
    for dialect in shipped():
        assert f"]({dialect.name}.md)" in written["index.md"]
        assert written[f"{dialect.name}.md"].startswith(f"# {dialect.title}\n\n{dialect.doc}\n")


def test_links_lead_to_files():
    written = dialect_pages()
    for path, text in written.items():
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL) if path.endswith(".md") else ""
        for link in re.findall(r"\]\(([^)]+)\)", prose):
            assert f"{FOLDER}/{link}" in written, f"{path}: {link}"


def test_a_page_tells_forms_names_handlers_and_samples():
    dialect = parse(
        {
            "name": "ours",
            "title": "Ours",
            "doc": "Topics of ours.",
            "imports": ["ours"],
            "wildcards": "glob",
            "types": {"bus": {"is": ["ours.Bus"], "names": ["bus"]}},
            "publish": [{"call": ["bus.tell"], "event": {"argument": ["topic", 1], "template": "t:{}"}}],
            "handle": [
                {"decorator": ["bus.hears"], "event": {"rest": 0, "otherwise": "function.path"}},
                {
                    "call": ["bus.listen"],
                    "event": {"receiver": True},
                    "handler": ["callback", 0],
                    "loop": True,
                },
            ],
            "builtin": ["ours.*"],
            "samples": [
                {"title": "One file", "code": "\nbus.tell(1, 'x')\n", "finds": ["publish t:x 2"]},
                {
                    "title": "Two files",
                    "code": "# file: a/__init__.py\n# file: a/b.py\nx = 1\n@bus.hears('y')\ndef f(): ...\n",
                    "finds": ["handle y a/b.py:3"],
                },
                {"title": "Nothing", "code": "x = 1\n", "finds": []},
            ],
        },
        "ours.toml",
    )
    page = pages([dialect])["ours.md"]
    for line in [
        "| `bus.tell()` | `topic` (the second argument), as `t:<name>` |",
        "| `@bus.hears` | every positional argument, else the handler's dotted path | the decorated function |",
        "| `bus.listen()` | the event of the object | `callback` (the first argument), or the call itself, a consumer loop |",
        "| `bus` | `ours.Bus` | `bus` |",
        "| Wildcards | `*` is anything, `?` one character, `[ab]` one of these |",
        "`ours.*`",
        "### One file",
        "bus.tell(1, 'x')  # publishes t:x",
        "`a/b.py`:",
        "def f(): ...  # handles y",
        "Nothing is found here.",
    ]:
        assert f"\n{line}\n" in page, line
    assert "__init__" not in page


@pytest.mark.parametrize("dialect", shipped(), ids=lambda dialect: dialect.name)
def test_every_find_of_a_sample_is_shown(dialect):
    page = pages(shipped())[f"{dialect.name}.md"]
    shown = len(re.findall(r"(?:  # |, )(?:publishes|handles|declares) ", page.partition("## Samples")[2]))
    assert shown == sum(len(sample.finds) for sample in dialect.samples)


def test_the_schema_holds_for_the_shipped_tables_and_refuses_what_parse_refuses():
    schema = dialect_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for file in (resources.files("pubsub_devtools_analysis") / "dialects").iterdir():
        if file.name.endswith(".toml"):
            validator.validate(tomllib.loads(file.read_text("utf-8")))
    assert not validator.is_valid({"title": "no name"})
    assert not validator.is_valid({"name": "x", "publsh": []})
    assert not validator.is_valid({"name": "x", "publish": [{"call": "bus.tell"}]})


def test_the_schema_describes_every_key():
    for name, definition in dialect_schema()["$defs"].items():
        missing = [key for key, value in definition["properties"].items() if "description" not in value]
        assert missing == [], name
        assert definition["description"].endswith(".")


def choices(struct, key):
    return [each for each in dialect_schema()["$defs"][struct]["properties"][key]["enum"] if each]


@pytest.mark.parametrize("choice", choices("EventSpec", "otherwise"))
def test_every_way_to_name_an_event_has_words(choice):
    table = {"name": "x", "publish": [{"call": ["x.y"], "event": {"otherwise": choice}}]}
    assert choice not in pages([parse(table, "x.toml")])["x.md"]


@pytest.mark.parametrize("choice", choices("Dialect", "wildcards"))
def test_every_language_of_wildcards_has_words(choice):
    assert "| Wildcards | `*` is" in pages([parse({"name": "x", "wildcards": choice}, "x.toml")])["x.md"]


def test_the_schema_is_one_of_the_files():
    assert json.loads(dialect_pages()[f"{FOLDER}/dialect.schema.json"]) == dialect_schema()
