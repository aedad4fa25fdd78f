"""`pubsub-tools schema`: as one process, against a registry that another one wrote."""

import json
import os
import subprocess
import sys

import pytest

APP = """
from pubsub_devtools import BaseEvent, EventBus, event_schema

@event_schema(name="orders.placed", version="1.0.0")
class PlacedV1(BaseEvent):
    order_id: str
    total: int

@event_schema(name="orders.placed", version="{version}")
class Placed(BaseEvent):
    order_id: str
    total: int
    {field}

bus = EventBus()
"""


@pytest.fixture
def run(tmp_path):
    def run(*args, **variables):
        program = "import sys; from pubsub_devtools_cli.main import run; sys.exit(run(sys.argv[1:]))"
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
        done = subprocess.run(
            [sys.executable, "-c", program, "schema", *args],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def declare(tmp_path):
    def declare(version="1.1.0", field='note: str = ""'):
        (tmp_path / "shop.py").write_text(APP.format(version=version, field=field))

    declare()
    return declare


def test_an_empty_registry_says_how_to_fill_it(run):
    code, out, err = run("list")
    assert (code, out) == (0, "")
    assert "The registry is empty. `registry.register(EventClass)` fills it" in err
    assert run("list", "--json")[1] == '{\n  "format": 1,\n  "subjects": []\n}\n'


def test_from_declared_to_registered_to_refused(run, declare, tmp_path):
    code, out, err = run("check", "--app", "shop:bus", "--register")
    assert code == 0, err
    assert "ok  orders.placed 1.1.0  BACKWARD: it is the first" in out
    assert err == "Registered 1 event.\n"
    assert (tmp_path / ".pubsub" / "state.sqlite3").is_file()

    code, out, _ = run("list")
    assert code == 0
    assert [line.split()[:4] for line in out.splitlines()[2:]] == [
        ["orders.placed", "1.1.0", "2", "BACKWARD"]
    ]

    declare("2.0.0", "currency: str")
    code, out, err = run("check", "--app", "shop:bus")
    assert code == 1
    assert "no  orders.placed 2.0.0  not BACKWARD compatible" in out
    assert "backward with 1.1.0: the new version requires `currency`, which the old one does not give" in out
    assert err == ""
    found = json.loads(run("check", "placed", "--app", "shop:bus", "--json")[1])
    assert [(each["ok"], each["subject"]) for each in found["checks"]] == [(False, "orders.placed")]

    declare("1.1.0", "currency: str")  # the same version, another schema
    code, out, _ = run("check", "--app", "shop:bus")
    assert (code, "1.1.0 is registered with another schema: give the changed one a new version" in out) == (
        1,
        True,
    )


def test_what_is_registered_is_shown(run, declare):
    run("check", "--app", "shop:bus", "--register", "--registry", "schemas")
    code, out, _ = run("show", "placed", "1.0.0", "--registry", "schemas")
    assert code == 0
    assert "orders.placed 1.0.0" in out
    assert [line.split() for line in out.splitlines()[-2:]] == [["order_id", "str"], ["total", "int"]]
    assert json.loads(run("show", "orders.placed", "--registry", "schemas", "--text")[1])["title"] == "Placed"
    told = json.loads(run("show", "orders.placed", "--json", PUBSUB_REGISTRY="schemas")[1])
    assert (told["version"], told["number"], told["schema"]["required"]) == (
        "1.1.0",
        2,
        ["order_id", "total"],
    )
    assert "+ note: str, optional" in run("history", "placed", "--registry", "schemas")[1]
    steps = json.loads(run("history", "placed", "--registry", "schemas", "--json")[1])["versions"]
    assert [[change["path"] for change in step["changes"]] for step in steps] == [[], ["note"]]
    code, out, _ = run("diff", "placed", "1.0.0", "--registry", "file:schemas")
    assert (code, out.splitlines()[0]) == (0, "  + note: str, optional")
    code, out, _ = run("diff", "placed", "1.1.0", "1.0.0", "--registry", "schemas", "--json")
    assert (code, json.loads(out)["changes"][0]["kind"]) == (0, "removed")


def test_the_application_is_a_registry_too(run, declare):
    code, out, _ = run("list", "--app", "shop:bus", "--json")
    assert (code, [row["version"] for row in json.loads(out)["subjects"]]) == (0, ["1.1.0"])


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["show", "nothing"], 2, "nothing is not registered: the registry is empty"),
        (["list", "--registry", "ftp://x"], 3, "ftp://x is no registry: give a folder, sqlite:FILE"),
        (["list", "--registry", "http://127.0.0.1:9"], 3, "cannot be reached"),
        (["list", "--app", "nowhere:bus"], 2, "there is no module nowhere"),
        (["check"], 2, "which application is meant?"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run, args, code, words):
    found = run(*args)
    assert (found[0], found[1]) == (code, "")
    assert words in found[2]
    assert "Traceback" not in found[2]


def test_a_broken_file_is_named(run, declare, tmp_path):
    run("check", "--app", "shop:bus", "--register", "--registry", "schemas")
    (tmp_path / "schemas" / "orders.placed" / "versions.json").write_text("{")
    code, _, err = run("list", "--registry", "schemas")
    assert code == 3
    assert "versions.json cannot be read" in err
    assert "Restore it from version control" in err


def test_an_ambiguous_end_lists_the_candidates(run, tmp_path):
    names = ["a.placed", "b.placed"]
    classes = "".join(
        f'@event_schema(name="{name}", version="1.0.0")\nclass E{n}(BaseEvent):\n    a: int\n'
        for n, name in enumerate(names)
    )
    text = f"from pubsub_devtools import BaseEvent, EventBus, event_schema\n{classes}bus = EventBus()\n"
    (tmp_path / "shop.py").write_text(text)
    code, _, err = run("show", "placed", "--app", "shop:bus")
    assert (code, [line.strip() for line in err.splitlines()[1:]]) == (2, names)
