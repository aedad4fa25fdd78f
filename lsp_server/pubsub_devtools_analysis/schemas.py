"""The declared shapes of events: the fields of the class that carries one, as the code writes them."""

from __future__ import annotations

from pubsub_devtools.model import Field, Place, SchemaVersion
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    CallRef,
    Either,
    FileFacts,
    Lit,
    Name,
    Scope,
    Seq,
    Star,
    Sub,
    Typed,
)
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.values import Class, Str


def schema(finder: Finder, cls: Class) -> SchemaVersion | None:
    """The schema that a class declares; nothing for a class of a file that cannot be read."""
    facts = finder.workspace.facts(cls.path)
    if facts is None:
        return None
    try:
        scope = finder.workspace.get(cls.path, cls.key)
    except KeyError:
        return None
    fields: dict[str, Field] = {}
    for base in reversed(finder.evaluator.ancestors(cls)):
        if isinstance(base, Class):
            inner = finder.workspace.facts(base.path)
            if inner is not None:
                fields.update(own_fields(inner, finder.workspace.get(base.path, base.key)))
    return SchemaVersion(
        symbol=finder.workspace.symbol(cls.path, cls.key),
        place=Place(cls.path, *scope.span),
        version=version(finder, cls, facts, scope),
        fields=tuple(fields.values()),
        doc=scope.doc,
    )


def version(finder: Finder, cls: Class, facts: FileFacts, scope: Scope) -> str:
    """The version that a schema decorator gives."""
    at = At(cls.path, facts, scope.parent, scope.block, scope.span[0])
    for decorator in scope.decorators:
        if isinstance(decorator.value, CallRef):
            expr = dict(facts.calls[decorator.value.index].keywords).get("version")
            texts = (
                [v.text for v in finder.evaluator.eval(at, expr) if isinstance(v, Str)]
                if expr is not None
                else []
            )
            if texts:
                return texts[0]
    return ""


def own_fields(facts: FileFacts, scope: Scope) -> dict[str, Field]:
    """The annotated names of a class body."""
    found: dict[str, Field] = {}
    for name, bindings in scope.names.items():
        value = bindings[-1].value
        if isinstance(value, Typed) and not name.startswith("_"):
            text = written(facts, value.annotation)
            if text.startswith("ClassVar"):
                continue
            default = "" if value.value is None else written(facts, value.value)
            found[name] = Field(name, text, required=value.value is None, default=default)
    return found


def written(facts: FileFacts, expr: AnyExpr) -> str:
    """An expression as text, as near to the source as the facts allow."""
    match expr:
        case Name(id=name):
            return name
        case Attr(base=base, name=name):
            return f"{written(facts, base)}.{name}"
        case Lit(value=value):
            return repr(value)
        case Sub(base=base, key=key):
            inner = (
                ", ".join(written(facts, i) for i in key.items)
                if isinstance(key, Seq)
                else written(facts, key)
            )
            return f"{written(facts, base)}[{inner}]"
        case Either(options=options):
            return " | ".join(written(facts, o) for o in options)
        case Seq(items=items):
            return "[" + ", ".join(written(facts, i) for i in items) + "]"
        case Star(value=value):
            return "*" + written(facts, value)
        case CallRef(index=index):
            call = facts.calls[index]
            given = [written(facts, a) for a in call.args]
            given.extend(f"{k}={written(facts, v)}" for k, v in call.keywords)
            return f"{written(facts, call.func)}({', '.join(given)})"
        case _:
            return "..."
