"""Which service a file belongs to, by configuration and by what the code base looks like."""

from __future__ import annotations

from pubsub_devtools_analysis.config import Settings
from pubsub_devtools_analysis.modules import Modules, SourceRoots
from pubsub_devtools_analysis.services import Services

BIG = "app/__init__.py app/urls.py app/builds/__init__.py app/builds/tasks.py app/mail/send.py tests/t.py run.py"


def services(paths: str, projects: tuple[str, ...] = ("",), **settings) -> dict[str, str]:
    files = paths.split()
    known = Modules(files, SourceRoots(projects=frozenset(projects)))
    judge = Services(Settings(**settings), known, projects)
    return {path: judge.of(path) for path in files}


def test_configured_globs_win_and_the_first_of_them():
    found = services(BIG, services={"post": ("app/mail/",), "rest": ("app/",)}, service="all")
    assert found["app/mail/send.py"] == "post"
    assert found["app/urls.py"] == "rest"
    assert found["run.py"] == "all"


def test_one_big_package_is_told_apart_by_what_is_directly_below_it():
    assert services(BIG) == {
        "app/__init__.py": "app",
        "app/urls.py": "app",
        "app/builds/__init__.py": "builds",
        "app/builds/tasks.py": "builds",
        "app/mail/send.py": "mail",
        "tests/t.py": "tests",
        "run.py": "run",
    }


def test_several_packages_are_services():
    found = services("orders/__init__.py orders/a/b.py mail/__init__.py mail/c.py")
    assert set(found.values()) == {"orders", "mail"}


def test_projects_of_a_monorepo_are_services():
    projects = ("", "services/orders", "services/mail", "examples/x")
    found = services("services/orders/src/app/x.py services/mail/app/y.py examples/x/z.py tool.py", projects)
    assert found == {
        "services/orders/src/app/x.py": "orders",
        "services/mail/app/y.py": "mail",
        "examples/x/z.py": "z",
        "tool.py": "tool",
    }


def test_no_files_no_services():
    assert Services(Settings(), Modules([])).of("a/b.py") == "a"
