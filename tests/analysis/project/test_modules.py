"""Which file a dotted name means, on the layouts that projects have; and that updates equal a new start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools_analysis.modules import Modules, SourceRoots


def modules(paths: str, **roots) -> Modules:
    given_roots = SourceRoots(projects=frozenset(roots.pop("projects", [""])), **roots)
    return Modules(paths.split(), given_roots)


def test_src_layout():
    m = modules(
        "src/setup.py src/shop/__init__.py src/shop/domain/__init__.py src/shop/domain/events.py tests/t.py"
    )
    assert m.canonical("src/shop/domain/events.py") == "shop.domain.events"
    assert m.canonical("src/shop/__init__.py") == "shop"
    assert m.resolve("shop.domain.events", "tests/t.py") == "src/shop/domain/events.py"
    assert m.resolve("shop.domain", "tests/t.py") == "src/shop/domain/__init__.py"
    assert m.resolve("src.shop.domain.events", "tests/t.py") == "src/shop/domain/events.py"
    assert m.names("src/shop/domain/events.py") == ("shop.domain.events", "src.shop.domain.events")


def test_scripts_import_what_lies_beside_them_and_are_named_from_the_project():
    m = modules("examples/cron/app.py examples/cron/zones.py faust/__init__.py")
    assert m.canonical("examples/cron/zones.py") == "examples.cron.zones"
    assert m.names("examples/cron/zones.py") == ("examples.cron.zones", "zones")
    assert m.resolve("zones", "examples/cron/app.py") == "examples/cron/zones.py"
    assert m.resolve("zones", "faust/__init__.py") is None
    assert m.resolve("examples.cron", "faust/__init__.py") == "examples/cron/"


def test_a_script_named_like_the_library_it_imports_is_not_that_library():
    m = modules("examples/redis.py examples/other.py")
    assert m.resolve("redis", "examples/redis.py") is None


def test_the_standard_library_is_shadowed_by_configured_roots_alone():
    paths = "signal.py lib/queue.py app.py"
    assert modules(paths).resolve("signal", "app.py") is None
    assert modules(paths, configured=("lib",)).resolve("queue", "app.py") == "lib/queue.py"


def test_namespace_packages():
    m = modules(
        "custom_components/hacs/__init__.py custom_components/hacs/enums.py tests/__init__.py tests/t.py"
    )
    assert m.canonical("custom_components/hacs/enums.py") == "custom_components.hacs.enums"
    assert m.resolve("custom_components.hacs.enums", "tests/t.py") == "custom_components/hacs/enums.py"
    assert m.resolve("custom_components", "tests/t.py") == "custom_components/"


def test_a_namespace_that_several_projects_share():
    m = modules(
        "core/src/acme/core/__init__.py core/src/acme/core/a.py mail/src/acme/mail/__init__.py mail/tests/t.py",
        projects=["core", "mail"],
    )
    assert m.canonical("core/src/acme/core/a.py") == "acme.core.a"
    assert m.resolve("acme.core.a", "mail/tests/t.py") == "core/src/acme/core/a.py"
    assert m.resolve("acme.mail", "core/src/acme/core/a.py") == "mail/src/acme/mail/__init__.py"


def test_of_several_modules_of_a_name_the_nearest_is_meant():
    m = modules(
        "a/app/__init__.py a/app/events.py a/main.py b/app/__init__.py b/app/events.py b/main.py",
        projects=["a", "b"],
    )
    assert m.resolve("app.events", "a/main.py") == "a/app/events.py"
    assert m.resolve("app.events", "b/app/__init__.py") == "b/app/events.py"
    assert m.canonical("a/app/events.py") == m.canonical("b/app/events.py") == "app.events"


def test_a_nearer_root_without_the_module_does_not_hide_a_farther_one():
    m = modules("tests/__init__.py tests/factories.py a/tests/__init__.py a/tests/t.py", projects=["", "a"])
    assert m.resolve("tests.factories", "a/tests/t.py") == "tests/factories.py"


def test_packages_of_examples_are_unknown_outside_of_them():
    m = modules("app/__init__.py examples/shop/celery/__init__.py examples/shop/run.py")
    assert m.resolve("celery", "app/__init__.py") is None
    assert m.resolve("celery", "examples/shop/run.py") == "examples/shop/celery/__init__.py"


def test_a_folder_in_a_package_that_lacks_its_init_is_still_part_of_it():
    m = modules("app/__init__.py app/jobs/mail.py app/jobs/deep/__init__.py app/jobs/deep/x.py")
    assert m.canonical("app/jobs/mail.py") == "app.jobs.mail"
    assert m.canonical("app/jobs/deep/x.py") == "app.jobs.deep.x"


def test_a_setup_file_in_a_package_starts_no_project():
    m = modules("app/__init__.py app/setup.py app/x.py", projects=["", "app"])
    assert m.canonical("app/x.py") == "app.x"


def test_folders_whose_names_cannot_be_imported_start_names():
    m = modules("services/order-service/app/main.py services/order-service/app/x.py")
    assert m.canonical("services/order-service/app/x.py") == "app.x"
    assert m.resolve("app.x", "services/order-service/app/main.py") == "services/order-service/app/x.py"


def test_configured_roots_come_first():
    m = modules("py/a/x.py py/a/y/__init__.py", configured=("py",))
    assert m.canonical("py/a/x.py") == "a.x"
    assert m.canonical("py/a/y/__init__.py") == "a.y"


def test_a_root_inside_a_package():
    m = modules("__init__.py const.py mqtt/client.py", projects=[], package="ha.components")
    assert m.canonical("mqtt/client.py") == "ha.components.mqtt.client"
    assert m.canonical("__init__.py") == "ha.components"
    assert m.resolve("ha.components.const", "mqtt/client.py") == "const.py"
    assert m.resolve("ha.components", "mqtt/client.py") == "__init__.py"
    assert m.resolve("ha.core", "mqtt/client.py") is None


@pytest.mark.parametrize(
    ("level", "module", "expected"),
    [
        (1, "", "app/jobs/__init__.py"),
        (1, "mail", "app/jobs/mail.py"),
        (2, "", "app/__init__.py"),
        (2, "events.base", "app/events/base.py"),
        (2, "events", "app/events/"),
        (3, "app", "app/__init__.py"),
        (2, "nothing", None),
        (5, "", None),
    ],
)
def test_relative_imports(level, module, expected):
    m = modules("app/__init__.py app/jobs/__init__.py app/jobs/mail.py app/events/base.py")
    assert m.resolve_relative("app/jobs/mail.py", level, module) == expected


@pytest.mark.parametrize("name", ["", ".", "..", "a..b", "a.", "é", "a b", "\0"])
def test_any_text_may_be_asked_for(name):
    m = modules("a/__init__.py b.py")
    m.resolve(name, "b.py")
    m.resolve_relative("b.py", 1, name)
    m.resolve("b", "no/such/importer.py")


def test_a_file_that_is_not_saved_yet_has_a_name():
    m = modules("app/__init__.py")
    assert m.canonical("app/new/thing.py") == "app.new.thing"
    assert m.names("app/new.py")[0] == "app.new"


NAMES = st.sampled_from(["a", "b", "src", "tests", "x-y", "google"])
FILES = st.sampled_from(["__init__.py", "a.py", "b.py", "setup.py"])
PATHS = st.builds(lambda folders, name: "/".join([*folders, name]), st.lists(NAMES, max_size=3), FILES)
ROOTS = st.builds(
    SourceRoots,
    st.lists(NAMES, max_size=1).map(tuple),
    st.frozensets(st.lists(NAMES, max_size=2).map("/".join), max_size=2),
    st.sampled_from(["", "", "pkg"]),
)
QUESTIONS = st.lists(st.sampled_from(["a", "b", "src"]), min_size=1, max_size=3).map(".".join)


@given(
    before=st.sets(PATHS, max_size=8),
    changes=st.lists(st.tuples(st.booleans(), PATHS), min_size=1, max_size=8),
    roots=ROOTS,
    question=QUESTIONS,
)
def test_updates_equal_a_new_start(before, changes, roots, question):
    updated = Modules(before, roots)
    files = set(before)
    for is_new, path in changes:
        (updated.added if is_new else updated.removed)(path)
        (files.add if is_new else files.discard)(path)
        rebuilt = Modules(files, roots)
        assert set(updated) == files
        assert {each: updated.names(each) for each in files} == {each: rebuilt.names(each) for each in files}
        for importer in (*files, "elsewhere/x.py"):
            assert updated.resolve(question, importer) == rebuilt.resolve(question, importer)


@given(paths=st.sets(PATHS, min_size=1, max_size=10), roots=ROOTS)
def test_the_canonical_name_leads_from_beside_a_file_to_a_file_of_that_name(paths, roots):
    known = Modules(paths, roots)
    for path in paths:
        name = known.canonical(path)
        if name.replace(".", "_").isidentifier() and not path.endswith("__init__.py"):
            found = known.resolve(name, path)
            assert found is not None
            assert found.endswith("/") or known.canonical(found) == name
