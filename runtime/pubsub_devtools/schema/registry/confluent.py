"""`ConfluentRegistry`: a client of schema registries that speak Confluent's HTTP API. The server judges.

Source: "Schema Registry API Reference", https://docs.confluent.io/platform/current/schema-registry/develop/api.html
"""

from __future__ import annotations

import threading
from typing import Any, cast
from urllib.parse import quote

from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.modes import Incompatibility, Mode, comparisons
from pubsub_devtools.schema.registry.errors import IncompatibleSchema, RegistryError, SchemaNotFound
from pubsub_devtools.schema.registry.event_schemas import declared_version
from pubsub_devtools.schema.registry.evolution import Evolution
from pubsub_devtools.schema.registry.evolving import evolutions
from pubsub_devtools.schema.registry.finding import found
from pubsub_devtools.schema.registry.judging import judged
from pubsub_devtools.schema.registry.protocol import Subject
from pubsub_devtools.schema.registry.stored import check_label, known
from pubsub_devtools.schema.registry.subjects import asked, name_of
from pubsub_devtools.schema.registry.transport import Answer, Http
from pubsub_devtools.schema.registry.values import Check, Reference, Registered, Schema, VersionOf

__all__ = ["ConfluentRegistry"]


class ConfluentRegistry:
    """A registry on a server; `SchemaRegistry` tells what its methods promise.

    Versions and schemas never change once they are registered, so they are asked for once; the list of a subject's versions
    and the modes are asked for each time. An event's own version travels in the text of its schema. The time of a
    registration is not told by the API.

    Args:
        url: ``http(s)://host:port``; user and password may stand in it.
        options: Those of `Http`: ``user``, ``password``, ``token``, ``timeout``, ``retries``, ``wait``, ``context``.

    Raises:
        RegistryUnavailable: At any call: the server cannot be reached, after all repetitions.
        RegistryError: At any call: the server refuses the credentials, or the schema as such.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self._http = Http(url, **options)
        self._kept: dict[tuple[str, int], Registered] = {}
        self._lock = threading.Lock()

    def register(self, subject: Subject, schema: Schema | None = None, *, version: str = "") -> Registered:
        """Add a schema to a subject; the same one again gives what is there."""
        name, new, label = asked(subject, schema, version)
        if label and label != declared_version(new):
            raise RegistryError(
                f"Confluent's API keeps no version {label} beside a schema: leave it out, or give a class"
            )
        if label:
            there = self.versions(name)
            if same := known(there, new, label):
                return same
            check_label(name, label, there)
        answer = self._http.request("POST", f"subjects/{_quoted(name)}/versions?normalize=False", _sent(new))
        if answer.status == 409:
            check = self.check(name, new)
            raise (
                IncompatibleSchema.because(check, label) if not check else IncompatibleSchema(answer.message)
            )
        _good(answer)
        there = _good(
            self._http.request("POST", f"subjects/{_quoted(name)}?normalize=False&deleted=False", _sent(new))
        )
        return self._version(name, int(there["version"]))

    def get(self, subject: Subject, version: VersionOf = "latest") -> Registered:
        """Return one version of a subject."""
        name = name_of(subject)
        if isinstance(version, int) and (kept := self._kept.get((name, version))):
            return kept
        return found(name, self.versions(name), version, self.subjects)

    def with_id(self, id: int) -> Registered:
        """Return the first registration of the schema with an id."""
        answer = self._http.request("GET", f"schemas/ids/{id}/versions")
        if answer.status == 404 or not answer.value:
            raise SchemaNotFound(f"no schema has the id {id}")
        first = min(_good(answer), key=lambda each: (each["subject"], each["version"]))
        return self._version(str(first["subject"]), int(first["version"]))

    def subjects(self) -> tuple[str, ...]:
        """Return the names of all subjects, sorted."""
        return tuple(sorted(_good(self._http.request("GET", "subjects"))))

    def versions(self, subject: Subject) -> tuple[Registered, ...]:
        """Return all versions of a subject, the oldest first."""
        name = name_of(subject)
        answer = self._http.request("GET", f"subjects/{_quoted(name)}/versions")
        if answer.status == 404:
            return ()
        return tuple(self._version(name, number) for number in sorted(_good(answer)))

    def latest(self, subject: Subject) -> Registered:
        """Return the newest version of a subject."""
        return self.get(subject)

    def check(self, subject: Subject, schema: Schema | None = None) -> Check:
        """Tell whether a schema could be registered now: the server decides, our own rules name the fields."""
        name, new, _ = asked(subject, schema)
        there, mode = self.versions(name), self.compatibility(name)
        ours = judged(name, mode, new, there)
        if not there or mode == "NONE":
            return Check(name, mode, ours.history)
        path = f"compatibility/subjects/{_quoted(name)}/versions?normalize=False&verbose=True"
        said = _good(self._http.request("POST", path, _sent(new)))
        if said.get("is_compatible"):
            return Check(name, mode, ours.history, notes=(*ours.problems, *ours.notes))
        direction, index = comparisons(mode, len(there))[0]
        told = [Difference("", "type", "breaking", str(message)) for message in said.get("messages") or ()]
        theirs = tuple(Incompatibility(direction, index, difference) for difference in told)
        unsaid = Difference("", "type", "breaking", "the registry refuses it without a reason")
        problems = ours.problems or theirs or (Incompatibility(direction, index, unsaid),)
        return Check(name, mode, ours.history, problems, ours.notes)

    def history(self, subject: Subject) -> tuple[Evolution, ...]:
        """Return each version of a subject with what it changed."""
        there = self.versions(subject)
        found(name_of(subject), there, "latest", self.subjects)
        return evolutions(there)

    def compatibility(self, subject: Subject | None = None) -> Mode:
        """Return the mode of a subject, or that of the whole registry."""
        path = "config" if subject is None else f"config/{_quoted(name_of(subject))}?defaultToGlobal=true"
        return cast("Mode", _good(self._http.request("GET", path))["compatibilityLevel"])

    def set_compatibility(self, mode: Mode, subject: Subject | None = None) -> None:
        """Set the mode of a subject, or of all that have none of their own."""
        comparisons(mode, 0)  # refuses what is no mode
        path = "config" if subject is None else f"config/{_quoted(name_of(subject))}"
        _good(self._http.request("PUT", path, {"compatibility": mode}))

    def close(self) -> None:
        """Close the connection. A later call opens it again."""
        self._http.close()

    def _version(self, subject: str, number: int) -> Registered:
        kept = self._kept.get((subject, number))
        if kept is None:
            value = _good(self._http.request("GET", f"subjects/{_quoted(subject)}/versions/{number}"))
            kept = _registered(value)
            with self._lock:
                self._kept[subject, number] = kept
        return kept


def _quoted(subject: str) -> str:
    return quote(subject, safe="")


def _sent(schema: Schema) -> dict[str, Any]:
    sent: dict[str, Any] = {"schema": schema.text, "schemaType": schema.type}
    references = [{"name": r.name, "subject": r.subject, "version": r.version} for r in schema.references]
    return {**sent, "references": references} if references else sent


def _registered(value: dict[str, Any]) -> Registered:
    references = tuple(
        Reference(r["name"], r["subject"], r["version"]) for r in value.get("references") or ()
    )
    schema = Schema(value["schema"], value.get("schemaType") or "AVRO", references)
    return Registered(value["subject"], value["version"], value["id"], schema, declared_version(schema))


def _good(answer: Answer) -> Any:
    if answer.status == 404:
        raise SchemaNotFound(f"{answer.message} ({answer.code})")
    if answer.status >= 400:
        raise RegistryError(f"the registry refuses it: {answer.message} ({answer.code})")
    return answer.value
