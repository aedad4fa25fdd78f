"""Which declaration a type's name means: in its file, around the place where it stands, and in the files that are imported."""

from __future__ import annotations

from collections.abc import Mapping

from pubsub_devtools.schema.judges.protobuf.file import Enum, File, Message, ProtoError
from pubsub_devtools.schema.judges.protobuf.reading import read_proto

__all__ = ["SCALARS", "Names"]

SCALARS = frozenset(
    [
        "double",
        "float",
        "int32",
        "int64",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "fixed32",
        "fixed64",
        "sfixed32",
        "sfixed64",
        "bool",
        "string",
        "bytes",
    ]
)
WELL_KNOWN = "google/protobuf/"


class Names:
    """The declarations that one file can see. ``references`` are the texts of imported files, by their paths."""

    def __init__(self, file: File, references: Mapping[str, str] | None = None) -> None:
        self.file = file
        self.known: dict[str, Message | Enum] = {}
        self.packages: dict[str, str] = {}
        self.open: list[str] = []
        self._collect(file, references or {}, set())

    def _collect(self, file: File, references: Mapping[str, str], seen: set[str]) -> None:
        for name, declared in file.declared():
            self.known.setdefault(name, declared)
            self.packages.setdefault(name, file.package)
        for used in file.imports:
            if used.path in seen:
                continue
            seen.add(used.path)
            if used.path in references:
                self._collect(read_proto(references[used.path]), references, seen)
            elif not used.path.startswith(WELL_KNOWN):
                self.open.append(used.path)

    def full(self, name: str, scope: str) -> str:
        """Return the full name of a type that is used inside a scope, innermost first.

        Raises:
            ProtoError: There is no such type.
        """
        if name.startswith("."):
            candidates = [name[1:]]
        else:
            parts = scope.split(".") if scope else []
            candidates = [".".join((*parts[:size], name)) for size in range(len(parts), -1, -1)]
        for candidate in candidates:
            if candidate in self.known or candidate.startswith("google.protobuf."):
                return candidate
        missing = f"; {', '.join(self.open)} is not among the references" if self.open else ""
        raise ProtoError(f"there is no type {name!r}{missing}")

    def local(self, full: str) -> str:
        """Return a full name without its package."""
        package = self.packages.get(full, "")
        return full[len(package) + 1 :] if package and full.startswith(f"{package}.") else full

    def check(self) -> None:
        """Find out whether all types are known.

        Raises:
            ProtoError: One is not.
        """
        for name, declared in self.file.declared():
            for field in declared.fields if isinstance(declared, Message) else ():
                if field.type not in SCALARS:
                    self.full(field.type, name)
        for service in self.file.services:
            for method in service.methods:
                self.full(method.takes, self.file.package)
                self.full(method.gives, self.file.package)
