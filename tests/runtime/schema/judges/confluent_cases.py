"""Holds the judges against the published test cases of Confluent's registry, in a checkout of it:

    SCHEMA_REGISTRY_DIR=/path/to/schema-registry python -m tests.runtime.schema.judges.confluent_cases

The cases stay where they are: https://github.com/confluentinc/schema-registry. Each disagreement is explained by what the
specification of the language says; one that is not explained ends the run with 1.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pubsub_devtools.schema.judges import Source, findings, judged, refuses

JSON_CASES = "json-schema-provider/src/test/resources"
JSON_FILES = (
    "diff-schema-examples.json",
    "diff-combined-schema-examples.json",
    "diff-schema-examples-2020-12.json",
    "diff-combined-schema-examples-2020-12.json",
)
PROTOBUF_FILE = "protobuf-provider/src/test/resources/diff-schema-examples.json"
AVRO_FILE = "core/src/test/java/io/confluent/kafka/schemaregistry/avro/AvroCompatibilityTest.java"

EXPLAINED = {
    "Detect required array to be changed": (
        "the new schema requires `bar`, which the old one does not: {'foo': 'x'} is valid before and not after. Theirs looks"
        " only at required properties that are declared in both"
    ),
    "Detect incompatible changes to dependencies schemas": (
        "the schema for objects with `foo` is {'type': 'string'}, which no object is: neither version takes `foo` at all, so"
        " nothing changed"
    ),
    "Detect removed boolean additional items": (
        "draft-07 6.4.2: without a list of `items`, additionalItems is ignored; both schemas take every array"
    ),
    "Detect changes to additional items schema": (
        "draft-07 6.4.2: without a list of `items`, additionalItems is ignored; both schemas take every array"
    ),
}


class Case(NamedTuple):
    """One published case, and what the judge says of it."""

    group: str
    name: str
    expected: bool
    found: bool
    kinds: frozenset[str] | None
    expected_kinds: frozenset[str] | None


def cases(root: Path) -> Iterator[Case]:
    for file in JSON_FILES:
        yield from _json(root / JSON_CASES / file)
    yield from _protobuf(root / PROTOBUF_FILE)
    yield from _avro((root / AVRO_FILE).read_text())


def _json(path: Path) -> Iterator[Case]:
    text = re.sub(r",(\s*[}\]])", r"\1", path.read_text())  # their reader takes a comma before a bracket
    for case in json.loads(text):
        schemas = [Source("JSON", json.dumps(case[f"{side}_schema"])) for side in ("original", "update")]
        found = findings(*schemas)
        strict, lenient = case["compatible"], case.get("compatible_lenient", case["compatible"])
        kinds = frozenset(each.kind for each in found)
        published = frozenset(change.split()[0] for change in case["changes"])
        name = case["description"].strip()
        verdict = not any(map(refuses, found))
        yield Case(f"JSON Schema, {path.stem}", name, strict, verdict, kinds, published)
        if lenient != strict:
            verdict = not any(refuses(each, "LENIENT") for each in found)
            yield Case(f"JSON Schema, {path.stem}", f"{name} (LENIENT)", lenient, verdict, None, None)


def _protobuf(path: Path) -> Iterator[Case]:
    for case in json.loads(path.read_text()):
        sources = [
            Source(
                "PROTOBUF",
                case[f"{side}_schema"],
                {each["name"]: each["dependency"] for each in case.get(f"{side}_dependencies", [])},
            )
            for side in ("original", "update")
        ]
        found = findings(*sources)
        published = frozenset(change.split()[0] for change in case["changes"])
        verdict = not any(map(refuses, found))
        kinds = frozenset(each.kind for each in found)
        yield Case("Protobuf", case["description"].strip(), case["compatible"], verdict, kinds, published)


def _avro(text: str) -> Iterator[Case]:
    """Read the schemas and the assertions out of the Java text of the test."""
    schemas = {
        name: Source("AVRO", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', given)).replace('\\"', '"'))
        for name, given in re.findall(r"String schemaString(\d+) = (.*?);\n", text, re.DOTALL)
    }
    for body in text.split("@Test")[1:]:
        checker = re.search(r"CompatibilityChecker\.(\w+)_CHECKER", body)
        asserted = r'assert(True|False)\("([^"]*)",\s*checker\.isCompatible\((\w+), (.*?)\)\.isEmpty'
        for expected, name, new, history in re.findall(asserted, body, re.DOTALL):
            known = [schemas[number] for number in re.findall(r"schema(\d+)", history)]
            found = judged(checker.group(1), schemas[new.removeprefix("schema")], known)
            verdict = not any(refuses(each.difference) for each in found)
            yield Case("Avro", f"{checker.group(1)}: {name}", expected == "True", verdict, None, None)


def report(root: Path) -> tuple[list[str], int]:
    """Return what is printed, and how many disagreements are not explained."""
    every = list(cases(root))
    lines, unexplained = [], 0
    for group in dict.fromkeys(case.group for case in every):
        here = [case for case in every if case.group == group]
        agreed = sum(case.expected == case.found for case in here)
        told = [case for case in here if case.expected_kinds and not case.expected and not case.found]
        same = sum(bool(case.kinds & case.expected_kinds) for case in told)
        kinds = f", {same} of {len(told)} refusals for a reason of theirs" if told else ""
        lines.append(f"{group}: {agreed} of {len(here)} verdicts agree{kinds}")
        for case in here:
            if case.expected != case.found:
                why = EXPLAINED.get(case.name.removesuffix(" (LENIENT)"))
                unexplained += why is None
                theirs = "compatible" if case.expected else "incompatible"
                lines.append(f"  {case.name}: theirs {theirs}; {why or 'NOT EXPLAINED'}")
    agreed = sum(case.expected == case.found for case in every)
    lines.append(
        f"All: {agreed} of {len(every)} verdicts agree, {unexplained} disagreements are not explained"
    )
    return lines, unexplained


def main() -> int:
    given = os.environ.get("SCHEMA_REGISTRY_DIR")
    if not given:
        print("SCHEMA_REGISTRY_DIR names no checkout of confluentinc/schema-registry", file=sys.stderr)
        return 2
    lines, unexplained = report(Path(given))
    print("\n".join(lines))
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
