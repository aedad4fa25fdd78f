"""The layer of objects: which properties a reader requires, takes and refuses, under open and closed content models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.accepting import accepts, found
from pubsub_devtools.schema.judges.json_schema.branch import Branch, never
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.scalars import Scalars
from pubsub_devtools.schema.judges.json_schema.shapes import additional_of, patterns_of, properties_of
from pubsub_devtools.schema.judges.json_schema.values import members, names

__all__: list[str] = []

_BEGINNING = re.compile(r"\^([\w-]+)(?![\w*+?{|-])(?!.*\|)")
"""The letters that a pattern begins with."""

COVERED = "NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"


class Objects(Scalars):
    """Compares properties by their names.

    A content model is open where properties that are not named may be anything, closed where there are none, and partially
    open where a schema or a pattern is said of them.
    """

    def objects(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        if "object" not in b.types:
            return []
        return [
            *self.required(b, read, place),
            *self.properties(b, read, place),
            *self.surplus(b, read, place),
            *self.by_pattern(b, read, place),
            *self.unnamed(b, read, place),
            *self.property_names(b, read, place),
            *self.dependencies(b, read, place),
            *self.sizes(b, read, place),
        ]

    def required(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        properties, given = properties_of(read), b.required
        for name in sorted(names(read.says.get("required")) - given):
            if "default" in members(properties.get(name)):
                continue  # a reader fills it in
            if name in b.declared:
                text = f"is required in the {self.r} version, the {self.w} one may leave it out"
                yield place.named(name, "required", name).found("REQUIRED_ATTRIBUTE_ADDED", text)
            else:
                model = "OPEN" if not b.child(name) else "UNOPEN"
                text = f"is required in the {self.r} version, the {self.w} one does not know it"
                at = place.named(name, "properties", name)
                yield at.found(f"REQUIRED_PROPERTY_ADDED_TO_{model}_CONTENT_MODEL", text)

    def properties(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        """Compare the properties that the reader names."""
        missing = names(read.says.get("required")) - b.required
        for name, schema in properties_of(read).items():
            given, at = b.child(name), place.named(name, "properties", name)
            if name in b.declared:
                yield from self.proved(given, read.to(schema), at)
            elif not given and schema not in (True, {}):
                if name not in missing or "default" in members(schema):
                    text = f"is new in the {self.r} version, but may stand in what the {self.w} one writes, as anything"
                    yield at.found("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", text, "risky")
            elif not never(given):
                yield from self.uncovered(given, read.to(schema), at, f"PROPERTY_ADDED_{COVERED}")

    def uncovered(self, given: Sequence[Node], read: Node, at: Place, kind: str) -> Iterator[Finding]:
        """Compare what one version says of a property by name with what the other says of those that it does not name."""
        if inner := self.proved(given, read, at):
            yield from inner
            version = self.w if "ADDED" in kind else self.r
            text = (
                f"is not named in the {version} version, and what that says of other properties does not fit"
            )
            yield at.found(kind, text, "risky")

    def surplus(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        """Compare the properties that only the writer names."""
        for name in b.declared:
            given, at = b.child(name), place.named(name, "properties", name)
            if never(given):
                continue
            patterns = [schema for pattern, schema in patterns_of(read).items() if found(pattern, name)]
            for schema in patterns:
                yield from self.uncovered(given, read.to(schema), at, f"PROPERTY_REMOVED_{COVERED}")
            rest = additional_of(read)
            if name in properties_of(read) or patterns or rest.schema is True:
                continue
            if rest.schema is False:
                text = f"is gone from the {self.r} version, which refuses properties that it does not name"
                if not self.impossible(given):
                    yield at.found("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", text, "risky")
            else:
                yield from self.uncovered(given, rest, at, f"PROPERTY_REMOVED_{COVERED}")

    def by_pattern(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        """Compare what the reader says of properties by pattern with those that the writer does not name."""
        for pattern, schema in patterns_of(read).items():
            at = place.to("patternProperties", pattern)
            if pattern in b.patterns:
                yield from self.proved(b.pattern(pattern), read.to(schema), at)
                continue
            for other in b.patterns:
                if not _apart(pattern, other):
                    yield from self.proved(b.pattern(other), read.to(schema), at)
            if not never(b.additional) and (inner := self.proved(b.additional, read.to(schema), at)):
                text = f"properties like {pattern!r} are limited in the {self.r} version, not in the {self.w} one"
                yield at.found("PATTERN_PROPERTIES_NARROWED", text, "breaking" if b.additional else "risky")
                yield from inner if b.additional else ()

    def unnamed(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        """Compare what is said of properties that are not named."""
        rest = additional_of(read)
        if rest.schema is True:
            return
        word = "additionalProperties" if "additionalProperties" in read.says else "unevaluatedProperties"
        start, at = ("ADDITIONAL_PROPERTIES" if word[0] == "a" else "UNEVALUATED_PROPERTIES"), place.to(word)
        for pattern in b.patterns:
            if pattern not in patterns_of(read) and self.proved(b.pattern(pattern), rest, at):
                text = f"properties like {pattern!r} are taken by the {self.w} version alone"
                yield at.found(f"{start}_NARROWED", text, "risky")
        if never(b.additional):
            return
        if rest.schema is False and not self.impossible(b.additional):
            text = f"the {self.r} version refuses properties that it does not name, the {self.w} one may write them"
            yield at.found(f"{start}_REMOVED", text, "risky")
        elif not b.additional and self.proved((), rest, at):
            text = f"the {self.r} version limits properties that it does not name, the {self.w} one does not"
            yield at.found(f"{start}_NARROWED", text, "risky")
        else:
            yield from self.proved(b.additional, rest, at)

    def property_names(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        if "propertyNames" not in read.says:
            return
        wanted, at = read.to(read.says["propertyNames"]), place.to("propertyNames")
        for name in b.declared:
            if not accepts(wanted, name) and not never(b.child(name)):
                yield at.found("PROPERTY_NAMES_NARROWED", f"the {self.r} version takes no property {name!r}")
        said = [
            read.made({"type": "string"}),
            *(n.to(n.says["propertyNames"]) for n in b.nodes if "propertyNames" in n.says),
        ]
        open_ones = [[read.made({"pattern": pattern})] for pattern in b.patterns]
        for more in [*open_ones, *([] if never(b.additional) else [[]])]:
            if self.proved([*said, *more], wanted, at):
                text = f"the {self.r} version limits the names of properties, the {self.w} one does not in this way"
                yield at.found("PROPERTY_NAMES_NARROWED", text)

    def dependencies(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        for word in ("dependencies", "dependentRequired", "dependentSchemas"):
            for name, dependent in members(read.says.get(word)).items():
                at = place.to("dependencies").named(name, name)
                if never(b.child(name)):
                    continue
                if isinstance(dependent, list):
                    yield from self.dependent_names(b, name, names(dependent), at)
                else:
                    yield from self.dependent_schema(b, name, read.to(dependent), at)

    def dependent_names(self, b: Branch, name: str, wanted: frozenset[str], at: Place) -> Iterator[Finding]:
        given = [names(inner) for inner in self._dependent(b, name) if isinstance(inner, list)]
        missing = wanted - b.required - frozenset().union(*given)
        if missing:
            change = "EXTENDED" if given and wanted >= given[0] else "CHANGED" if given else "ADDED"
            told = ", ".join(map(repr, sorted(missing)))
            yield at.found(
                f"DEPENDENCY_ARRAY_{change}",
                f"comes with {told} in the {self.r} version, not so in the {self.w} one",
            )

    def dependent_schema(self, b: Branch, name: str, wanted: Node, at: Place) -> Iterator[Finding]:
        known = [wanted.to(inner) for inner in self._dependent(b, name) if not isinstance(inner, list)]
        present = [*b.nodes, wanted.made({"type": "object", "required": [name]}), *known]
        inner = self.proved(present, wanted, at)
        if inner and not known:
            yield at.found(
                "DEPENDENCY_SCHEMA_ADDED",
                f"limits the whole where it is there, in the {self.r} version alone",
            )
        else:
            yield from inner

    def _dependent(self, b: Branch, name: str) -> list[Any]:
        words = ("dependencies", "dependentRequired", "dependentSchemas")
        return [said[name] for word in words for given in b.said(word) if name in (said := members(given))]

    def sizes(self, b: Branch, read: Node, place: Place) -> Iterator[Finding]:
        yield from self.least(b, read, "minProperties", place, len(b.required))
        closed = never(b.additional) and not b.patterns
        most = sum(not never(b.child(name)) for name in b.declared)
        yield from self.greatest(b, read, "maxProperties", place, Fraction(most) if closed else None)


def _apart(pattern: str, other: str) -> bool:
    """Tell whether no name can match both, as two different beginnings show."""
    starts = [_BEGINNING.match(each) for each in (pattern, other)]
    if not all(starts):
        return False
    one, two = (start.group(1) for start in starts if start)
    return not one.startswith(two) and not two.startswith(one)
