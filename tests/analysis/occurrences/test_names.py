"""What a name says is what it means where it stands: shadows, aliases and re-exports, and nothing by spelling alone."""

from __future__ import annotations

from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.occurrences import Occurrences


def said(tmp_path, files):
    """By file what is said, as (text, form, role)."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        table = dict(Occurrences(host, host.with_fields()).all())
    return {
        path: [
            (files[path].split("\n")[each.line - 1][each.column : each.end_column], each.form, each.role)
            for each in its
            if each.form != "field"
        ]
        for path, its in table.items()
    }


SIGNALS = "from blinker import Signal\n\nplaced = Signal()\n"


def test_a_local_of_the_same_name_is_something_else(tmp_path):
    code = "from signals import placed\n\ndef f():\n    placed = 1\n    return placed\n\ndef g():\n    return placed\n"
    found = said(tmp_path, {"signals.py": SIGNALS, "app.py": code + "\nplaced.send()\n"})
    assert found["app.py"] == [
        ("placed", "constant", "mention"),
        ("placed", "constant", "mention"),
        ("placed", "constant", "publish"),
        ("send", "method", "publish"),
    ]


def test_another_modules_name_is_something_else(tmp_path):
    files = {
        "signals.py": SIGNALS,
        "other.py": "placed = 3\n",
        "app.py": "from other import placed\nprint(placed)\n",
    }
    found = said(tmp_path, files | {"use.py": "import signals\n\nsignals.placed.send()\n"})
    assert "app.py" not in found
    assert found["use.py"][0] == ("placed", "constant", "publish")


def test_aliases_and_re_exports_lead_to_the_same(tmp_path):
    files = {
        "shop/__init__.py": "from shop.signals import placed\n\n__all__ = ['placed']\n",
        "shop/signals.py": SIGNALS,
        "app.py": "from shop import placed as sold\n\nsold.send()\n",
    }
    found = said(tmp_path, files)
    assert found["shop/__init__.py"] == [("placed", "constant", "mention")] * 2
    assert found["app.py"] == [
        ("placed", "constant", "mention"),
        ("sold", "alias", "mention"),
        ("sold", "constant", "publish"),
        ("send", "method", "publish"),
    ]


def test_annotations_and_isinstance_name_a_class(tmp_path):
    code = (
        "from pubsub_devtools import BaseEvent, event_bus\n\n"
        "class Placed(BaseEvent):\n    total: int\n\n"
        "def f(event: 'Placed') -> bool:\n    return isinstance(event, Placed)\n\n"
        "event_bus.publish(Placed(3))\n"
    )
    assert [each[0] for each in said(tmp_path, {"app.py": code})["app.py"]] == [
        "Placed",
        "Placed",
        "Placed",
        "publish",
        "Placed",
    ]


def test_a_payload_that_says_the_same_word_names_nothing(tmp_path):
    code = "import redis\n\nclient = redis.Redis()\nclient.publish('placed', 'placed')\n"
    (method, name) = said(tmp_path, {"app.py": code})["app.py"]
    assert method == ("publish", "method", "publish")
    assert name == ("placed", "string", "publish")


def test_texts_put_together(tmp_path):
    code = (
        "import redis\n\nclient = redis.Redis()\nSHOP = 'shop'\n"
        "client.publish('orders.' 'placed', '')\n"
        "client.publish(f'{SHOP}.paid', '')\n"
        "def f(number):\n    client.publish(f'orders.{number}', '')\n"
    )
    texts = [text for text, form, _ in said(tmp_path, {"app.py": code})["app.py"] if form == "string"]
    assert texts == ["orders.", "placed", ".paid", "orders."]


def test_a_variable_that_holds_the_name(tmp_path):
    code = "import redis\n\nclient = redis.Redis()\n\ndef f():\n    topic = 'orders'\n    client.publish(topic, '')\n"
    assert said(tmp_path, {"app.py": code})["app.py"] == [
        ("orders", "string", "mention"),
        ("publish", "method", "publish"),
        ("topic", "constant", "publish"),
    ]


def test_columns_count_code_points(tmp_path):
    code = "import redis\n\nclient = redis.Redis()\nprint('üüü𝄞'); client.publish('größe', '')\n"
    assert ("größe", "string", "publish") in said(tmp_path, {"app.py": code})["app.py"]


def test_around_broken_statements_all_is_kept(tmp_path):
    code = "import redis\n\nclient = redis.Redis()\nclass Half(:\n\nclient.publish('orders', '')\n"
    found = said(tmp_path, {"app.py": code})["app.py"]
    assert ("orders", "string", "publish") in found


def test_quoted_names_elsewhere_are_not_sure(tmp_path):
    files = {
        "app.py": "import redis\n\nredis.Redis().publish('orders.placed', '')\n",
        "tests/test_app.py": "def test(bus):\n    assert bus.names == ['orders.placed']\n",
        "settings.toml": "topic = 'orders.placed'\nother = 'orders.placed.late'\n",
    }
    found = said(tmp_path, files)
    assert found["tests/test_app.py"] == [("orders.placed", "text", "mention")]
    assert found["settings.toml"] == [("orders.placed", "text", "mention")]
