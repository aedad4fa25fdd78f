"""Tables of callables that are no buses: caches, plugins, commands, routes, visitors, widgets."""

from pathlib import Path

import pytest

from tests.analysis.forms.test_holdout_b import found

CACHE = """\
class Memo:
    def __init__(self):
        self.cache = {}

    def put(self, key, compute):
        self.cache[key] = compute

    def get(self, key):
        return self.cache[key]()


memo = Memo()
memo.put("total", sum)
memo.get("total")
"""

PLUGINS = """\
plugins = {}


def register(name, factory):
    plugins[name] = factory


def create(name, *args):
    return plugins[name](*args)


register("csv", list)
create("csv")
"""

COMMANDS = """\
import argparse


def run(args): ...


parser = argparse.ArgumentParser()
commands = parser.add_subparsers()
commands.add_parser("run").set_defaults(func=run)
args = parser.parse_args()
args.func(args)
"""

ROUTES = """\
class Router:
    def __init__(self):
        self.routes = {}

    def add(self, path, view):
        self.routes[path] = view

    def route(self, path):
        def decorator(view):
            self.add(path, view)
            return view

        return decorator

    def __call__(self, request):
        return self.routes[request.path](request)


router = Router()


@router.route("/orders")
def orders(request): ...
"""

VISITOR = """\
class Visitor:
    visitors = {}

    def visit(self, node):
        return self.visitors[type(node)](self, node)

    def visit_name(self, node): ...


class Name: ...


Visitor.visitors[Name] = Visitor.visit_name
Visitor().visit(Name())
"""

WIDGETS = """\
import tkinter


class Form(tkinter.Frame):
    def __init__(self, master, on_save):
        super().__init__(master)
        self.button = tkinter.Button(self, command=on_save)
        self.bind("<Return>", self.save)

    def save(self, press): ...
"""

SETTINGS = """\
_checks = {}


def check(setting, function):
    _checks[setting] = function


def startswith_checks(name):
    assert name.startswith("check_")
    return name


def run(setting, value):
    return _checks[setting](value)


check("port", int)
run("port", 80)
"""


@pytest.mark.parametrize("text", [CACHE, PLUGINS, COMMANDS, ROUTES, VISITOR, WIDGETS, SETTINGS])
def test_a_table_of_callables_is_no_bus(tmp_path: Path, text: str) -> None:
    assert not found(tmp_path, app=text)
