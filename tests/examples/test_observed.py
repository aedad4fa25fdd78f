"""What the analysis says of the examples is what a plugin saw when they ran: no edge more, none less."""

import doctest
import re
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from examples.shop import __main__ as story
from examples.shop import shop as opening
from pubsub_devtools.bus.default import event_bus
from pubsub_devtools.plugins import Plugin
from pubsub_devtools.schema import schema_of
from pubsub_devtools_analysis.analysis import analyze

ROOT = Path(__file__).parents[2]


def python_in(page):
    return re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def code_of(block):
    """Return a block as a file holds it: without the prompts of a doctest, and without what it shows to fail."""
    if not block.startswith(">>>"):
        return block
    examples = doctest.DocTestParser().get_examples(block)
    return "".join(example.source for example in examples if example.exc_msg is None)


PAGES = [
    page
    for page in sorted((ROOT / "docs/how-to").glob("runtime-*.md"))
    if any(
        "publish" in block for block in python_in(page)
    )  # the others' are run where their subject is tested
]


class Observer(Plugin):
    """Counts what was published, and which handler got it."""

    def __init__(self):
        self.published = Counter()
        self.handled = Counter()

    def on_event_published(self, event):
        self.published[schema_of(type(event)).name] += 1

    def on_handler_started(self, handler, event):
        self.handled[schema_of(type(event)).name, handler] += 1


def predicted(folder, package):
    """Return the names that the analysis says are published, and who handles each, patterns put in place of events."""
    graph = analyze(folder, use_cache=False)
    events = {event.id: event for event in graph.events}
    published = {events[site.event].name for site in graph.sites if site.kind == "publish"}
    reaching = {(event.id, event.id) for event in graph.events if not event.pattern}
    reaching |= {(link.source, link.target) for link in graph.links}
    handled = {
        (events[source].name, f"{package}{module(site.place.path)}.{site.symbol}")
        for source, target in reaching
        for site in graph.sites
        if site.kind == "handle" and site.event == target
    }
    return published, handled


def module(path):
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.fixture
def observer(monkeypatch):
    """Be told by every bus that is made meanwhile."""
    seen = Observer()
    make = opening.EventBus.__init__

    def observed(bus, **arguments):
        make(bus, **arguments)
        bus.register_plugin(seen)

    monkeypatch.setattr(opening.EventBus, "__init__", observed)
    return seen


def test_the_shop(observer, capsys):
    story.main()
    published, handled = predicted(ROOT / "examples/shop", "examples.shop.")
    assert set(observer.published) == published
    assert set(observer.handled) == handled
    assert min(observer.handled.values()) > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run_and_are_what_the_analysis_says(
    page, observer, tmp_path, monkeypatch, capsys
):
    blocks = [code_of(block) for block in python_in(page)]
    name = "page_" + page.stem.replace("-", "_")
    (tmp_path / f"{name}.py").write_text("\n\n".join(blocks), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        with event_bus.isolated():
            import_module(name)
    finally:
        sys.modules.pop(name, None)
    published, handled = predicted(tmp_path, "")
    assert set(observer.published) == published
    assert set(observer.handled) == handled
    assert published
