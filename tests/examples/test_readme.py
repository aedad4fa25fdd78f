"""What the README shows works as it stands there."""

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_bus_prints_what_the_comment_says(isolated_event_bus, tmp_path):
    (code,) = blocks("python")
    module = tmp_path / "readme_example.py"
    module.write_text(code)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(module), "exec"), {"__name__": "readme_example"})
    (said,) = re.findall(r"# (confirmed .*)", code)
    assert printed.getvalue().splitlines() == said.split(", ")


def test_the_configuration_is_toml_of_our_table():
    (text,) = blocks("toml")
    assert tomllib.loads(text)["tool"].keys() == {"pubsub-devtools"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_make_targets_and_links_exist(page):
    text = (ROOT / page).read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE))
    assert named
    assert named <= targets
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_map_names_rooms_that_exist():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = text.split("## Rooms")[1].split("##")[0]
    rooms = re.findall(r"^\| `([^`]+/)` \|", table, re.MULTILINE)
    assert len(rooms) > 10
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []
