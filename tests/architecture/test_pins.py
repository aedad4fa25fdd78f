"""The pinned development packages fit what pyproject.toml asks for, and name no place to get them from."""

import re
import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FILES = ("requirements/dev.txt", "requirements/bench.txt")
PINS = [line for name in FILES for line in (ROOT / name).read_text("utf-8").splitlines()]


def asked_for():
    """Return all requirements of the project, its extras and its development group, but not the project itself."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = settings["project"]
    lines = chain(
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *settings["dependency-groups"].values(),
    )
    return [r for r in map(Requirement, lines) if canonicalize_name(r.name) != project["name"]]


def test_every_line_is_one_exact_version():
    assert [line for line in PINS if not re.match(r"[a-z0-9-]+==[0-9][^ /:]*( ; .+)?$", line)] == []


def test_every_requirement_is_pinned_to_a_version_that_it_allows():
    pinned = {}
    for pin in map(Requirement, PINS):
        pinned.setdefault(canonicalize_name(pin.name), []).append(next(iter(pin.specifier)).version)
    for requirement in asked_for():
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not pinned: run `make pins`"
        assert all(requirement.specifier.contains(version) for version in versions), (
            f"{requirement}: run `make pins`"
        )
