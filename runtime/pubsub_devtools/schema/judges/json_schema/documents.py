"""A JSON Schema document: what its references refer to, and whether its keywords are well formed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import unquote, urldefrag, urljoin

from pubsub_devtools.schema.judges.json_schema.values import listed, members

__all__ = ["Document", "Node", "Unresolved"]

ONE = ("additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames",
       "then", "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
MANY = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
NAMED = ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
NUMBERS = ("maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems", "maxProperties",
           "minProperties", "maxContains", "minContains", "multipleOf")  # fmt: skip
LISTS = ("enum", "required", "allOf", "anyOf", "oneOf", "prefixItems")
TEXTS = ("$ref", "$dynamicRef", "pattern", "format", "$id", "$anchor")
OLD = ("/draft-03/", "/draft-04/", "/draft-05/", "/draft-06/", "/draft-07/")


class Unresolved(Exception):  # noqa: N818 (it says what is so)
    """A reference that leads nowhere, in words."""


class Node:
    """A schema, true or false included, and the document that it stands in."""

    __slots__ = ("document", "key", "schema")

    def __init__(self, schema: Any, document: Document, key: object = None) -> None:
        self.schema = schema
        self.document = document
        self.key = key or (
            schema is not False if not isinstance(schema, dict) else id(cast("object", schema))
        )

    @property
    def says(self) -> dict[str, Any]:
        """The keywords; before draft 2019-09 a reference hides all others beside it."""
        said = members(self.schema)
        return {"$ref": said["$ref"]} if self.document.hides and "$ref" in said else said

    def to(self, schema: Any) -> Node:
        """Return a schema inside this one."""
        return Node(schema, self.document)

    def parts(self, keyword: str) -> list[Node]:
        """Return the schemas that a keyword lists."""
        return [self.to(part) for part in listed(self.says.get(keyword))]

    def made(self, schema: dict[str, Any]) -> Node:
        """Return a schema that stands in no document; equal ones have one key."""
        return Node(schema, self.document, json.dumps(schema, sort_keys=True))


class Document:
    """A whole document. ``others`` are the documents that it may refer to, by the names or URIs that it uses."""

    def __init__(self, root: Any, others: Mapping[str, Any] | None = None) -> None:
        self.root = root
        self.draft = str(members(root).get("$schema", ""))
        self.hides = any(old in self.draft for old in OLD)
        self.bases: dict[int, str] = {}
        self.places: dict[str, Any] = {"": root}
        self.faults: list[str] = []
        self.dynamic: dict[str, int] = {}
        self._note(root, "", "#")
        for name, other in (others or {}).items():
            self.places.setdefault(name, other)
            self._note(other, name, f"{name}#")

    @property
    def node(self) -> Node:
        return Node(self.root, self)

    def followed(self, node: Node, keyword: str = "$ref") -> Node:
        """Return what a schema refers to.

        Raises:
            Unresolved: It refers to nothing in the document or in those that it may refer to.
        """
        reference = str(node.says[keyword])
        if keyword != "$ref" and self.dynamic.get(reference.partition("#")[2], 0) > 1:
            raise Unresolved(f"what {keyword} {reference!r} means depends on where it is used")
        target = urljoin(self.bases.get(id(node.schema), ""), reference)
        for whole in (target, reference):
            if whole in self.places:
                return Node(self.places[whole], self)
            place, fragment = urldefrag(whole)
            if place in self.places and fragment.startswith("/"):
                return Node(_pointed(self.places[place], fragment, reference), self)
            if place in self.places and not fragment:
                return Node(self.places[place], self)
        raise Unresolved(
            f"nothing is known of the reference {reference!r}: register it, and name it among the references"
        )

    def _note(self, schema: Any, base: str, at: str) -> None:
        """Note where each schema of a document is, and what is wrong with its keywords."""
        said = members(schema)
        if not said:
            if not isinstance(schema, dict | bool):
                self.faults.append(f"{at} is no schema: it is neither an object nor true or false")
            return
        if id(schema) in self.bases:
            return
        own = said.get("$id", said.get("id"))
        if isinstance(own, str) and not (self.hides and "$ref" in said):
            base = urljoin(base, own)
            self.places.setdefault(urldefrag(base)[0] if base.endswith("#") else base, schema)
        self.bases[id(schema)] = base
        for word in ("$anchor", "$dynamicAnchor"):
            if isinstance(said.get(word), str):
                self.places.setdefault(f"{urldefrag(base)[0]}#{said[word]}", schema)
        if "$dynamicAnchor" in said:
            anchor = str(said["$dynamicAnchor"])
            self.dynamic[anchor] = self.dynamic.get(anchor, 0) + 1
        self.faults.extend(f"{at}/{keyword} is malformed" for keyword in _malformed(said))
        for inner, step in _inside(said):
            self._note(inner, base, f"{at}/{step}")


def _inside(said: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    for keyword in ONE:
        if keyword in said and not (keyword == "items" and isinstance(said[keyword], list)):
            yield said[keyword], keyword
    for keyword in MANY:
        for index, part in enumerate(listed(said.get(keyword))):
            yield part, f"{keyword}/{index}"
    for keyword in NAMED:
        for name, part in members(said.get(keyword)).items():
            if not (keyword == "dependencies" and isinstance(part, list)):
                yield part, f"{keyword}/{name}"


def _malformed(said: dict[str, Any]) -> Iterator[str]:
    for keyword in NUMBERS:
        if keyword in said and (
            isinstance(said[keyword], bool) or not isinstance(said[keyword], int | float)
        ):
            yield keyword
    for keyword in LISTS:
        if keyword in said and not isinstance(said[keyword], list) and not isinstance(said[keyword], bool):
            yield keyword
    for keyword in NAMED:
        if keyword in said and not isinstance(said[keyword], dict):
            yield keyword
    for keyword in TEXTS:
        if keyword in said and not isinstance(said[keyword], str):
            yield keyword


def _pointed(root: Any, fragment: str, reference: str) -> Any:
    found = root
    for step in unquote(fragment).split("/")[1:]:
        plain = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and plain in members(found):
            found = members(found)[plain]
        elif isinstance(found, list) and plain.isdigit() and int(plain) < len(listed(found)):
            found = listed(found)[int(plain)]
        else:
            raise Unresolved(f"the reference {reference!r} leads nowhere: there is no {plain!r}")
    return found
