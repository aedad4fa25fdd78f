"""The whole comparison of two JSON Schemas: combinations above the layers of objects, arrays and single values."""

from __future__ import annotations

import msgspec

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.arrays import Arrays
from pubsub_devtools.schema.judges.json_schema.branch import Branch
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.expanding import expanded
from pubsub_devtools.schema.judges.json_schema.shapes import combines

__all__: list[str] = []

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class Comparison(Arrays):
    """Sends each keyword of a reader's schema to the layer that knows it."""

    def taken(self, branch: Branch, read: Node, place: Place) -> list[Finding]:
        if read.schema is True or any(self.same(node, read) for node in branch.nodes):
            return []
        if read.schema is False:
            return [
                place.found(
                    "TYPE_CHANGED", f"the {self.r} version takes nothing here, the {self.w} one may write it"
                )
            ]
        if branch.values is not None:
            return self.known_values(branch, read, place)
        return [*self.plain(branch, read, place), *self.combined(branch, read, place)]

    def plain(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        if mistyped := self.types(b, read, place):
            return mistyped
        return [
            *self.choices(b, read, place),
            *self.numbers(b, read, place),
            *self.texts(b, read, place),
            *self.objects(b, read, place),
            *self.arrays(b, read, place),
            *self.unevaluated(b, read, place),
        ]

    def unevaluated(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        """Refuse what depends on the schemas beside it."""
        words = {"unevaluatedProperties": "object", "unevaluatedItems": "array"}
        found = [word for word, type_ in words.items() if word in read.says and type_ in b.types]
        known = {word for word in found if read.says[word] not in (True, {})}
        if not known or not (
            combines(read.says) or ("contains" in read.says and "unevaluatedItems" in known)
        ):
            return []
        text = f"{' and '.join(sorted(known))} beside other schemas is not judged"
        return [place.found("NOT_JUDGED", text)]

    def combined(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        said, found = read.says, list[Finding]()
        for word in REFERENCES:
            if word in said:
                found += self.proved_again(b, read.document.followed(read, word), place)
        parts = read.parts("allOf")
        for part in parts:
            found += self.proved_again(b, part, place)
        for word in ("anyOf", "oneOf"):
            if word in said:
                found += self.any_of(b, read, word, place)
        if "not" in said:
            found += self.excluded(b, read.to(said["not"]), place.to("not"))
        if "if" in said:
            found += self.conditional(b, read, place)
        return found

    def proved_again(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        """Prove another schema of the same value; one that refers to itself at once says nothing."""
        return self.recursion.entered((b.mark, read.key), place.pointer, lambda: self.taken(b, read, place))

    def any_of(self, b: Branch, read: Node, word: str, place: Place) -> list[Finding]:
        parts = read.parts(word)
        if len(parts) == 1:
            return self.proved_again(b, parts[0], place)
        found: list[Finding] = []
        for atom in _atoms(b, parts):
            found += self.one_of_them(atom, parts, word, place, whole=atom is b)
        return list(dict.fromkeys(found))

    def one_of_them(
        self, b: Branch, parts: list[Node], word: str, place: Place, *, whole: bool
    ) -> list[Finding]:
        """Compare one kind of value with several schemas, of which one must take it; of `oneOf` no other."""
        attempts = [self.proved_again(b, part, place) for part in parts]
        taking = [
            index
            for index, found in enumerate(attempts)
            if not any(f.severity != "compatible" for f in found)
        ]
        if taking:
            others = [part for index, part in enumerate(parts) if index != taking[0]]
            if word == "oneOf" and not all(self._apart(b, other) for other in others):
                text = f"may fit several schemas of a oneOf in the {self.r} version, which takes only what fits one"
                return [*attempts[taking[0]], place.to(word).found("ONE_OF_MAY_OVERLAP", text, "compatible")]
            return attempts[taking[0]]
        near = [
            found for found in attempts if not any(f.code == "type" and f.path == place.field for f in found)
        ]
        if len(near) == 1:
            return near[0]
        text = f"is taken by none of the {len(parts)} alternatives of the {self.r} version"
        return [place.found("COMBINED_TYPE_SUBSCHEMAS_CHANGED" if whole else "SUM_TYPE_NARROWED", text)]

    def _apart(self, b: Branch, other: Node) -> bool:
        return any(self.same(node, other) for node in b.excluded) or not expanded([other], b)

    def excluded(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        """Compare with a reader that refuses what a schema takes."""
        if not expanded([read], b) or any(not self.proved([read], node, place) for node in b.excluded):
            return []
        text = f"the {self.r} version refuses what matches a schema, the {self.w} one does not"
        return [place.found("NOT_TYPE_EXTENDED", text)]

    def conditional(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        said, asked = read.says, read.to(read.says["if"])
        found: list[Finding] = []
        for branch in expanded([asked], b):
            found += self.proved_again(branch, read.to(said.get("then", True)), place.to("then"))
        otherwise = expanded([read.made({"not": said["if"]})], b)
        for branch in otherwise:
            found += self.proved_again(branch, read.to(said.get("else", True)), place.to("else"))
        return found


def _atoms(b: Branch, parts: list[Node]) -> list[Branch]:
    """Return a branch by types, which different schemas may take; as a whole where one takes all."""
    atoms = [b.of({type_}) for type_ in sorted(b.types)]
    if "integer" in b.types and "fraction" in b.types:
        atoms = [b.of({type_}) for type_ in sorted(b.types - {"integer", "fraction"})] + [
            b.of({"integer", "fraction"})
        ]
    if "boolean" in b.types:
        atoms = [atom for atom in atoms if atom.types != frozenset({"boolean"})]
        atoms += [msgspec.structs.replace(b.of({"boolean"}), values=(value,)) for value in (False, True)]
    return [b] if len(atoms) == 1 else atoms
