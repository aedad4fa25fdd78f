"""The reference of the dialects: a page for each table, an index, and the JSON Schema of the form.

A framework is a table, and its table is its documentation: what a page says is what the analysis does, and each of its
samples is a test. So nothing stands here that is about one framework alone. Pure: tables in, texts out.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

import msgspec

from pubsub_devtools_analysis.dialect import Dialect, EventSpec, Pattern, Sample, Type, shipped
from pubsub_devtools_analysis.message_words import message_words

__all__ = ["dialect_pages", "dialect_schema", "pages"]

FOLDER = "docs/reference/dialects"

_WILDCARDS = {
    "nats": "`*` is one part between dots, `>` the rest",
    "amqp": "`*` is one part between dots, `#` any number",
    "glob": "`*` is anything, `?` one character, `[ab]` one of these",
    "dotted": "`*` is one part between dots, `**` any number",
}
_OTHERWISE = {
    "function.path": "the handler's dotted path",
    "function.name": "the handler's name",
    "function.colon": "the handler's `module:function`",
    "function.camel": "the handler's name in CamelCase, in its class",
    "variable.path": "the dotted path of the variable that holds it",
    "class.path": "the class's dotted path",
    "class.name": "the class's name",
}
_VERBS = {"publish": "publishes", "handle": "handles", "declare": "declares"}


def dialect_pages() -> dict[str, str]:
    """The files of the reference, by path from the repository's root."""
    schema = json.dumps(dialect_schema(), indent=2, sort_keys=True) + "\n"
    files = {**pages(shipped()), "dialect.schema.json": schema}
    return {f"{FOLDER}/{name}": text for name, text in files.items()}


def pages(dialects: Sequence[Dialect]) -> dict[str, str]:
    """A page for each dialect and the index, by file name."""
    carried: defaultdict[str, list[Dialect]] = defaultdict(list)
    for dialect in dialects:
        for transport in _transports(dialect):
            carried[transport].append(dialect)
    written = {f"{dialect.name}.md": _page(dialect, carried) for dialect in dialects}
    return {"index.md": _index(dialects), **written}


def dialect_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a dialect's table: of a file in `dialects/`, and of a user's own bus."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Dialect)))
    for definition in made["$defs"].values():
        prose = inspect.cleandoc(definition.get("description", ""))
        keys = _described(prose)
        definition["description"] = prose.partition("\n")[0]
        for name, value in cast("dict[str, dict[str, Any]]", definition["properties"]).items():
            if name in keys:
                value["description"] = keys[name]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


# -- pages


def _index(dialects: Sequence[Dialect]) -> str:
    rows = [
        (f"[{_title(d)}]({d.name}.md)", f"`{d.name}`", _code(_transports(d)), d.delivery, d.doc)
        for d in dialects
    ]
    return _joined(
        "# Frameworks",
        "Each framework is one table in `lsp_server/pubsub_devtools_analysis/dialects/`. A table is in force where its"
        " library is imported; nothing needs to be configured. Frameworks on one transport share their events. A bus of"
        " your own is described in the same form under `[[tool.pubsub-devtools.dialects]]` in `pyproject.toml`; the"
        " [JSON Schema](dialect.schema.json) says what may stand there. `pubsub-tools init` writes it for the hand-written"
        " buses that it recognises: `function` names the bus's own functions, `table` with `pairs` a dict of handlers, and"
        " `collect` the attributes in which objects collect events.",
        _table(("Framework", "Name", "Transport", "Delivery", "What an event is"), rows),
    )


def _page(dialect: Dialect, carried: dict[str, list[Dialect]]) -> str:
    return _joined(
        f"# {_title(dialect)}",
        dialect.doc,
        _facts(dialect, carried),
        _patterns(dialect, "Publishes", dialect.publish),
        _patterns(dialect, "Handles", dialect.handle),
        _patterns(dialect, "Declares", dialect.declare),
        _payload(dialect),
        _routes(dialect),
        _objects(dialect.types),
        _builtin(dialect.builtin),
        "## Samples" if dialect.samples else "",
        *(_sample(sample) for sample in dialect.samples),
    )


def _facts(dialect: Dialect, carried: dict[str, list[Dialect]]) -> str:
    others = {d.name: d for t in _transports(dialect) for d in carried[t] if d.name != dialect.name}
    shared = ", ".join(f"[{_title(d)}]({d.name}.md)" for d in others.values())
    rows = [
        ("Name", f"`{dialect.name}`"),
        ("In force where imported", _code(dialect.imports)),
        ("Transport", _code(_transports(dialect)) + (f", shared with {shared}" if shared else "")),
        ("Delivery", dialect.delivery),
        ("Retries", dialect.retries or "none of its own"),
        ("Wildcards", _WILDCARDS.get(dialect.wildcards, "none")),
    ]
    return _table(("", ""), rows)


def _patterns(dialect: Dialect, title: str, patterns: Iterable[Pattern]) -> str:
    rows = [
        (_forms(pattern), _named(pattern) + _limits(pattern), _handler(pattern))
        for pattern in patterns
        if pattern.site
    ]
    if not rows:
        return ""
    if title == "Handles":
        return _joined(f"## {title}", _table(("Form", "The event's name", "The handler"), rows))
    return _joined(f"## {title}", _table(("Form", "The event's name"), [row[:2] for row in rows]))


def _payload(dialect: Dialect) -> str:
    """What of a handler's parameters is the payload, for the table and for the forms that differ from it."""
    named = [(_forms(p), p.message) for p in dialect.handle if p.message is not None]
    every = [("", dialect.message), *named] if dialect.handle else []
    told = [(forms, words) for forms, message in every if (words := "; ".join(message_words(message)))]
    lines = [f"- {forms}: {words}." if forms else f"{words[0].upper()}{words[1:]}." for forms, words in told]
    return _joined("## Fields", *lines) if lines else ""


def _routes(dialect: Dialect) -> str:
    rows = [
        (
            _code(f"{call}()" for call in binding.call),
            _arguments(binding.source) if binding.source else "the object itself",
            _arguments(binding.target) if binding.target else "the object itself",
        )
        for binding in dialect.bind
    ]
    return _joined("## Routes", _table(("Form", "From", "To"), rows)) if rows else ""


def _objects(types: dict[str, Type]) -> str:
    """What the first words of the forms stand for."""
    rows = [
        (f"`{name}`", _code((*of.is_, *of.from_)) or "what the forms above make", _code(of.names))
        for name, of in types.items()
    ]
    note = "In the forms above these words stand for objects of these classes, or that these expressions give. A variable of a usual name is taken for one where nothing else is known of it, and what is found by it is marked as likely."
    return (
        _joined("## Objects", note, _table(("Word", "Classes and expressions", "Usual names"), rows))
        if rows
        else ""
    )


def _builtin(names: Sequence[str]) -> str:
    if not names:
        return ""
    note = "The framework itself, or a library of it, publishes or handles these: they are never unknown and never unpublished."
    return _joined("## Built-in events", note, _code(names))


def _sample(sample: Sample) -> str:
    """A sample with what is found in it as comments at the ends of its lines."""
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for find in sample.finds:
        kind, _, rest = find.partition(" ")
        name, _, line = rest.rpartition(" ")
        marks[line].append(f"{_VERBS[kind]} {name}")
    blocks: list[str] = []
    for path, text in _files(sample.code):
        before = f"{path}:" if path else ""
        lines = [
            f"{line}  # {', '.join(marks[f'{before}{number}'])}" if f"{before}{number}" in marks else line
            for number, line in enumerate(text.splitlines(), 1)
        ]
        blocks.append("\n".join([*([f"`{path}`:", ""] if path else []), "```python", *lines, "```"]))
    return _joined(f"### {sample.title}", *blocks, "" if sample.finds else "Nothing is found here.")


def _files(code: str) -> list[tuple[str, str]]:
    """The files of a sample that hold something, or the one that has no name."""
    first, *rest = re.split(r"^# file: (\S+)\n", code, flags=re.MULTILINE)
    named = [(path, text) for path, text in zip(rest[::2], rest[1::2], strict=True) if text.strip()]
    return named or [("", first)]


# -- words


def _title(dialect: Dialect) -> str:
    return dialect.title or dialect.name


def _transports(dialect: Dialect) -> list[str]:
    """The transports of a dialect: its own, or where its objects speak on others, those."""
    own = sorted({of.transport for of in dialect.types.values() if of.transport})
    return own or [dialect.carrier]


def _forms(pattern: Pattern) -> str:
    """How a pattern looks in the code. `x.()` stands for an object that is called itself."""
    forms = [f"`@{reference.removesuffix('.()')}`" for reference in pattern.decorator]
    forms += [f"`{reference.removesuffix('.()')}()`" for reference in pattern.call]
    if pattern.subclass:
        forms.append(f"a subclass of {_code(pattern.subclass, ' or ')}")
    if pattern.table:
        forms.append(f"an entry of {_code(pattern.table, ' or ')}")
    if pattern.attribute:
        forms.append(f"a class's {_code(pattern.attribute, ' or ')}")
    if pattern.method:
        forms.append(f"a method `{pattern.method}` of a {_code(pattern.of, ' or ')}")
    return ", ".join(forms)


def _named(pattern: Pattern) -> str:
    """Where an event's name comes from, in words: what is tried first stands first."""
    spec = pattern.event
    sources = list(_sources(spec))
    if pattern.entry:
        sources.append(f"the entry's `{pattern.entry}`")
    if pattern.pairs:
        sources.append("each keyword")
    if pattern.method and not pattern.cases:
        sources.append("the method's name")
    if pattern.cases:
        sources.append("the classes that the method tells apart by `isinstance` or `match`")
    words = ", else ".join(sources) or "none"
    if spec.strip:
        words += f", without `{spec.strip}`"
    if spec.last:
        words += f", what follows the last {' or '.join(f'`{mark}`' for mark in spec.last)}"
    if spec.prefix:
        words += f", after the `{spec.prefix}` that its object was made with"
    if spec.template:
        words += f", as `{spec.template.replace('{}', '<name>')}`"
    return words


def _sources(spec: EventSpec) -> Iterable[str]:
    if spec.exchange:
        yield f"`exchange:<name>` by {_arguments(spec.exchange)}"
    if spec.receiver:
        yield "the event of the object"
    if spec.argument:
        yield _content(spec) + _arguments(spec.argument)
    if spec.rest is not None:
        yield "every positional argument" + (f" from {_ordinal(spec.rest)} on" if spec.rest else "")
    if spec.schema:
        yield f"the name given to `{spec.schema}`"
    if spec.attribute:
        yield f"the class attribute `{spec.attribute}`"
    if spec.annotation is not None:
        yield "the class that the handler's parameter is annotated with"
    if spec.otherwise:
        yield _OTHERWISE.get(spec.otherwise, spec.otherwise)


def _content(spec: EventSpec) -> str:
    """What of an argument is the name."""
    if spec.keys:
        return "the keys of "
    if spec.entries:
        return f"{':'.join(f'`{entry}`' for entry in spec.entries)} of the entries of "
    if spec.class_ in ("path", "name"):
        return f"the class's {'dotted path' if spec.class_ == 'path' else 'name'}, by "
    return ""


def _limits(pattern: Pattern) -> str:
    """Where a pattern holds at all."""
    words = f"; only with {_arguments(pattern.given)}" if pattern.given else ""
    return words + (f"; only without {_arguments(pattern.unless)}" if pattern.unless else "")


def _handler(pattern: Pattern) -> str:
    if pattern.subclass and pattern.handler:
        return f"its method `{pattern.handler[0]}`"
    options: list[str] = []
    if pattern.decorator:
        options.append("the decorated function")
    if pattern.method:
        options.append("the method")
    if pattern.attribute:
        options.append("the functions listed")
    if pattern.pairs:
        options.append("the keyword's value")
    if pattern.handler:
        options.append(_arguments(pattern.handler))
    if pattern.loop:
        options.append("the call itself, a consumer loop")
    return ", or ".join(options)


def _arguments(places: Iterable[str | int]) -> str:
    """Names and positions of an argument: "`topic` (the first argument)"."""
    names = " or ".join(f"`{place}`" for place in places if isinstance(place, str))
    numbers = " or ".join(_ordinal(place) for place in places if isinstance(place, int))
    return f"{names} ({numbers})" if names and numbers else names or numbers


def _ordinal(position: int) -> str:
    words = ("the first argument", "the second argument", "the third argument")
    return words[position] if position < len(words) else f"argument {position + 1}"


# -- text


def _joined(*blocks: str) -> str:
    """Blocks of Markdown with empty lines between them."""
    return "\n\n".join(block.strip("\n") for block in blocks if block) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    escaped = [[cell.replace("|", r"\|") for cell in row] for row in (head, *rows)]
    escaped.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def _code(words: Iterable[str], between: str = ", ") -> str:
    return between.join(f"`{word}`" for word in words)


_KEY = re.compile(r"`(\w+)`(?: and `(\w+)`)?: ")


def _described(prose: str) -> dict[str, str]:
    """The keys that a Struct's docstring describes: "`call` and `decorator` are references. `subclass`: every ..."."""
    _, *parts = _KEY.split(" ".join(prose.split()))
    found: dict[str, str] = {}
    for first, second, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        words = text.strip(" .;,(")
        words = words.rstrip(".)") if words.count(")") > words.count("(") else words
        for name in filter(None, (first, second)):
            found[name] = words[:1].upper() + words[1:] + "."
    return found
