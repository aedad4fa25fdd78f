"""An import is written where a file has its own, and leaves it valid."""

from __future__ import annotations

import ast

import pytest

from pubsub_devtools_analysis.queries.imports import import_edit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "import os",
        '"""No line behind it."""',
        "import os\n\nx = 1\n",
        "# a comment\n\n\nimport os\n",
        '"""One line."""\nfrom __future__ import annotations\n\nx = 1\n',
        '"""First.\n\nSecond paragraph, at the margin.\n"""\n\nfrom __future__ import annotations\n\nimport os\n',
        '"""First.\nimport nothing\n"""\nx = 1\n',
        "from os import (\n    path,\n    sep,\n)\n\nx = 1\n",
        "import os\r\n\r\nx = 1\r\n",
    ],
)
def test_the_file_stays_valid_and_has_the_name(text: str) -> None:
    lines = text.splitlines(keepends=True)
    edit = import_edit(lines, "shop.events.OrderPlaced")
    assert edit is not None
    lines.insert(edit.line - 1, edit.text)
    module = ast.parse("".join(lines))
    compile("".join(lines), "app.py", "exec")
    assert any(isinstance(each, ast.ImportFrom) and each.module == "shop.events" for each in module.body)
    assert ast.get_docstring(module, clean=False) == ast.get_docstring(ast.parse(text), clean=False)


def test_what_is_imported_already_is_not_imported_again() -> None:
    assert import_edit(["from shop.events import OrderPlaced\n"], "shop.events.OrderPlaced") is None
