"""Every form of reading a message inside one function."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.analysis.fields.workspace import EMITTER, told

FORMS: dict[str, tuple[str, str]] = {
    "attribute": ("print(m.total)", "total"),
    "nested attribute, the longest chain alone": ("print(m.customer.email)", "customer.email"),
    "subscript": ('print(m["total"])', "total"),
    "nested subscript": ('print(m["customer"]["email"])', "customer.email"),
    "index": ("print(m.items[0].sku)", "items.sku"),
    "unknown index": ("print(m.items[n].sku)", "items.sku"),
    "slice": ("print(m.items[1:])", "items"),
    "get": ('print(m.get("total", 0))', "total"),
    "nested get": ('print(m.get("customer", {}).get("email"))', "customer.email"),
    "pop": ('total = m.pop("total")', "total"),
    "in": ('if "total" in m: ...', "total"),
    "not in": ('if "total" not in m: ...', "total"),
    "getattr": ('print(getattr(m, "total", None))', "total"),
    "getattr with a default that is read too": ('print(getattr(m, "author", m).name)', "author.name name"),
    "hasattr": ('if hasattr(m, "total"): ...', "total"),
    "constant key": ("print(m[TOTAL])", "total"),
    "constant key of get": ("print(m.get(TOTAL))", "total"),
    "alias": ("x = m\nprint(x.total)", "total"),
    "alias of a part": ("c = m.customer\nprint(c.email)", "customer.email"),
    "alias that is used itself too": ("c = m.customer\nsave(c)\nprint(c.email)", "customer customer.email"),
    "alias that is not used again": ("total = m.total", "total"),
    "alias with an annotation": ("c: Customer = m.customer\nprint(c.email)", "customer.email"),
    "unpacking several parts": ("a, b = m.a, m.b\nprint(a.x, b)", "a.x b"),
    "unpacking one part": ("x, y = m.point\nprint(x, y)", "point"),
    "walrus": ("if (c := m.customer):\n    print(c.email)", "customer customer.email"),
    "either": ("c = m.payer or m.customer\nprint(c.email)", "customer.email payer.email"),
    "choice": ("c = m.payer if flag else m.customer\nprint(c.email)", "customer.email payer.email"),
    "both branches": (
        "if flag:\n    c = m.payer\nelse:\n    c = m.customer\nprint(c.email)",
        "customer.email payer.email",
    ),
    "loop": ("for item in m.items:\n    print(item.sku)", "items.sku"),
    "loop over a batch": ("for each in m:\n    print(each.total)", "total"),
    "loop with a number": ("for n, item in enumerate(m.items):\n    print(item.sku)", "items.sku"),
    "loop over two": ("for a, b in zip(m.names, m.prices):\n    print(a, b)", "names prices"),
    "loop over entries": ("for key, value in m.tags.items():\n    print(key, value)", "tags"),
    "loop that goes on from itself": ("node = m.first\nwhile node:\n    node = node.next", "first first.next"),
    "comprehension": ("print([item.sku for item in m.items if item.price])", "items.price items.sku"),
    "dict comprehension": ("print({i.sku: i.price for i in m.items})", "items.price items.sku"),
    "generator": ("print(sum(item.price for item in m.items))", "items.price"),
    "elements of a sorted copy": ("for item in sorted(m.items):\n    print(item.sku)", "items.sku"),
    "collected in a list": ("found = []\nfound.append(m)\nprint(found[-1].total)", "total"),
    "held in a list": ("found = [m.a, m.b]\nprint(found[0].x)", "a.x b.x"),
    "held in a list that is looped over": ("for each in [m.a, m.b]:\n    print(each.x)", "a.x b.x"),
    "an attribute of a list that holds it": ("seen.append(m.a)\nprint(seen.maxlen, seen.count(1))", "a"),
    "collected in an entry of another table": ("table[1].append(m.a)\nx = table[1]\nprint(x.size)", "a"),
    "what a list gives back": ("seen = []\nseen.append(m.a)\nprint(seen.pop().x)", "a a.x"),
    "lambda": ("later(lambda: m.total)", "total"),
    "closure": ("def inner():\n    return m.total\nlater(inner)", "total"),
    "closure over a name that is bound later": ("def inner():\n    return c.email\nc = m.customer", "customer.email"),
    "with": ("with m.lock as held:\n    print(held.owner)", "lock.owner"),
    "except": ("try:\n    c = m.a\nexcept KeyError:\n    c = m.b\nprint(c.x)", "a.x b.x"),
    "return": ("return m.total", "total"),
    "yield": ("yield m.total", "total"),
    "await": ("await m.ready", "ready"),
    "raise": ("raise ValueError(m.total)", "total"),
    "assert": ("assert m.total > 0", "total"),
    "added to": ("m.total += 1", "total"),
    "key of another table": ("seen[m.id] = 1", "id"),
    "stored elsewhere": ("state.last = m.id", "id"),
    "deleted key of another table": ("del seen[m.id]", "id"),
    "f-string": ('print(f"{m.total:>{m.width}}")', "total width"),
    "percent": ('print("%s" % m.total)', "total"),
    "format": ('print("{}".format(m.total))', "total"),
    "operators": ("print(m.a + m.b, -m.c, m.d < m.e)", "a b c d e"),
    "method of a part": ("m.guild.leave()", "guild"),
    "what a method of a part gives": ("print(m.guild.owner().name)", "guild"),
    "star argument": ("save(*m.items, **m.options)", "items options"),
    "part of a dict": ('save({"total": m.total})', "total"),
    "text searched in a part": ('if "urgent" in m.title: ...', "title"),
    "decoded part": ("import json\nprint(json.loads(m.extra)[\"a\"])", "extra.a"),
    "match class": ("match m:\n    case Order(total=t, customer=Customer(email=e)):\n        save(t, e)",
                    "customer customer.email total"),
    "match mapping": ('match m:\n    case {"kind": "a", "data": d}:\n        print(d["x"])', "data.x kind"),
    "match on a part": ("match m.kind:\n    case 'a':\n        ...", "kind"),
    "match sequence": ("match m.point:\n    case [x, y]:\n        save(x, y)", "point"),
    "match guard": ("match m:\n    case Order() as o if o.total:\n        ...", "total"),
}  # fmt: skip

NEAR_MISSES: dict[str, str] = {
    "nothing": "print(1)",
    "writing": "m.total = 1",
    "writing deeper": "m.customer.email = 1",
    "writing an entry": 'm["total"] = 1',
    "deleting": 'del m["total"]',
    "a method of the message": "m.ack()",
    "what a method of the message gives": "print(m.author().name)",
    "a name with two underscores": "print(m.__class__.__name__)",
    "bound anew": "m = fetch()\nprint(m.total)",
    "shadowed by a loop": "for m in rows:\n    print(m.total)",
    "shadowed in a closure": "def inner(m):\n    return m.total",
    "shadowed in a comprehension": "print([m.total for m in rows])",
    "another object of that name": "print(other.m.total)",
    "asked for its kind": "if isinstance(m, Order): ...",
    "its length": "print(len(m))",
    "compared": "if m == 1: ...",
    "returned": "return m",
    "deleted name": "del m",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_reading(tmp_path: Path, name: str) -> None:
    body, wanted = FORMS[name]
    assert told(tmp_path, EMITTER, _handler(body))[0] == wanted


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_what_is_no_reading(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, EMITTER, _handler(NEAR_MISSES[name])) == ("", ())


PASSED: dict[str, tuple[str, tuple[str, ...]]] = {
    "an argument": ("print(m)", ("print",)),
    "by keyword": ("save(order=m)", ("save",)),
    "in a tuple": ("save((1, m))", ("save",)),
    "in a list": ("save([m])", ("save",)),
    "in a text": ('print(f"got {m}")', ("print",)),
    "in a text by percent": ('print("got %s" % m)', ("print",)),
    "in a text by percent with others": ('print("got %s %s" % (1, m))', ("print",)),
    "in a text by format": ('print("got {}".format(m))', ("print",)),
    "made a text": ("print(str(m))", ("print",)),
    "collected": ("seen.append(m)", ("seen.append",)),
    "to a method of an entry": ("table[key].discard(m)", ("table.discard",)),
    "to something imported": ("from dataclasses import asdict\nsave(asdict(m))", ("dataclasses.asdict",)),
    "to a module": ("import logging\nlogging.info(m)", ("logging.info",)),
    "to two": ("print(m)\nsave(m)", ("print", "save")),
    "as entries": ("save(**m)", ("save",)),
    "in a dict, which hides it": ('save({"order": m})', ()),
    "a part alone": ("save(m.total)", ()),
}


@pytest.mark.parametrize("name", PASSED)
def test_who_gets_the_whole_message(tmp_path: Path, name: str) -> None:
    body, wanted = PASSED[name]
    assert told(tmp_path, EMITTER, _handler(body))[1] == wanted


def _handler(body: str) -> str:
    return f'TOTAL = "total"\n\n@ee.on("order")\nasync def on_order(m):\n{indent(body, "    ")}\n'
