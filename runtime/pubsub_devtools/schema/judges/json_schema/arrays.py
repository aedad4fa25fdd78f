"""The layer of arrays: the first items with schemas of their own, the rest, how many there are, what must be among them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.branch import Branch, never
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.objects import COVERED, Objects
from pubsub_devtools.schema.judges.json_schema.shapes import rest_of, tuple_of
from pubsub_devtools.schema.judges.json_schema.values import number

__all__: list[str] = []


class Arrays(Objects):
    """Compares items by their places; in the path of a field places vanish."""

    def arrays(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        if "array" not in b.types:
            return []
        return [
            *self.first_items(b, read, place),
            *self.surplus_items(b, read, place),
            *self.rest(b, read, place),
            *self.contained(b, read, place),
            *self.least(b, read, "minItems", place),
            *self.greatest(b, read, "maxItems", place, b.longest),
            *self.unique(b, read, place),
        ]

    def first_items(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        for index, schema in enumerate(tuple_of(read)):
            given, at = b.item(index), place.to("items", index)
            if never(given) or (b.longest is not None and b.longest <= index):
                return
            inner = self.proved(given, schema, at)
            if inner and not given:
                text = (
                    f"item {index} is limited in the {self.r} version, it may be anything in the {self.w} one"
                )
                yield at.found("ITEM_ADDED_TO_OPEN_CONTENT_MODEL", text)
                continue
            yield from inner
            if inner and index >= b.first:
                text = f"item {index} has a schema of its own in the {self.r} version, which does not fit the {self.w} one"
                yield at.found(f"ITEM_ADDED_{COVERED}", text)

    def surplus_items(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        rest = rest_of(read)
        for index in range(len(tuple_of(read)), b.first):
            given, at = b.item(index), place.to("items", index)
            if never(given) or (b.longest is not None and b.longest <= index):
                return
            inner = self.proved(given, rest, at)
            if inner and rest.schema is False:
                text = f"item {index} is refused by the {self.r} version, which takes no more than {len(tuple_of(read))}"
                yield at.found("ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", text)
            elif inner:
                yield from inner
                text = f"item {index} has no schema of its own in the {self.r} version, and that of the others does not fit"
                yield at.found(f"ITEM_REMOVED_{COVERED}", text)

    def rest(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        """Compare the items after the first ones."""
        rest, count = rest_of(read), max(len(tuple_of(read)), b.first)
        given = b.item(count)
        if never(given) or (b.longest is not None and b.longest <= count):
            return
        lists = bool(tuple_of(read) or b.first)
        at = place.to("additionalItems" if lists else "items")
        inner = self.proved(given, rest, at)
        if inner and not given:
            kind = "SCHEMA_ADDED"
            if lists or rest.schema is False:
                kind = f"ADDITIONAL_ITEMS_{'REMOVED' if rest.schema is False else 'NARROWED'}"
            text = f"the {self.r} version limits its {'further ' * lists}items, the {self.w} one does not"
            yield at.found(kind, text)
        else:
            yield from inner

    def contained(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        if "contains" not in read.says:
            return
        wanted = read.to(read.says["contains"])
        least, most = number(read.says.get("minContains", 1)) or 0, number(read.says.get("maxContains"))
        given = [
            number(node.says.get("minContains", 1)) or 0
            for node in b.nodes
            if "contains" in node.says and not self.proved([node.to(node.says["contains"])], wanted, place)
        ]
        if not self._all_are(b, wanted, place):
            lowest = max(given, default=None)
        else:
            lowest = max([b.most("minItems") or 0, *given])
        if (lowest or 0) < least:
            kind = "MIN_CONTAINS_INCREASED" if lowest is not None else "CONTAINS_ADDED"
            text = f"holds at least {least} items of a kind in the {self.r} version, the {self.w} one does not say so"
            yield place.to("minContains" if lowest is not None else "contains").found(kind, text)
        if most is not None and not self._at_most(b, wanted, most, place):
            text = f"holds at most {most} items of a kind in the {self.r} version, the {self.w} one does not say so"
            kind = "MAX_CONTAINS_DECREASED" if b.said("maxContains") else "MAX_CONTAINS_ADDED"
            yield place.to("maxContains").found(kind, text)

    def _all_are(self, b: Branch, wanted: Node, place: Place) -> bool:
        return not any(self.proved(b.item(index), wanted, place) for index in range(b.first + 1))

    def _at_most(self, b: Branch, wanted: Node, most: Fraction, place: Place) -> bool:
        for node in b.nodes:
            highest = number(node.says.get("maxContains"))
            if highest is not None and highest <= most and "contains" in node.says:
                if not self.proved([wanted], node.to(node.says["contains"]), place):
                    return True  # whatever the reader counts, the writer has counted
        return b.longest is not None and b.longest <= most

    def unique(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        short = b.longest is not None and b.longest <= 1
        if read.says.get("uniqueItems") is True and True not in b.said("uniqueItems") and not short:
            text = f"holds no item twice in the {self.r} version, the {self.w} one may"
            yield place.to("uniqueItems").found("UNIQUE_ITEMS_ADDED", text)
