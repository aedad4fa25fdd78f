"""Declared sagas: classes with steps and the actions that undo them, as a dialect's table says they are written."""

from __future__ import annotations

from pubsub_devtools.model import Place, Saga, Step
from pubsub_devtools_analysis.dialect import Sagas
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, CallRef, Decorator, FileFacts, Scope, ScopeRef
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.values import External, Str


def sagas(finder: Finder, path: str) -> list[Saga]:
    """All sagas that a file declares."""
    forms = [d.saga for d in finder.known.dialects.values() if d.saga is not None]
    facts = finder.workspace.facts(path) if forms else None
    found: list[Saga] = []
    for scope in facts.scopes if facts is not None else ():
        if scope.kind == "class" and scope.decorators and facts is not None:
            found.extend(_of_class(finder, path, facts, scope, forms))
    return found


def _of_class(finder: Finder, path: str, facts: FileFacts, scope: Scope, forms: list[Sagas]) -> list[Saga]:
    found: list[Saga] = []
    for form in forms:
        for decorator in scope.decorators:
            if _is(finder, path, facts, scope, decorator, form.decorator):
                name = _text(finder, path, facts, scope, decorator, "name", 0) or scope.name
                steps = _steps(finder, path, facts, scope, form)
                found.append(Saga(name, scope.qualname, Place(path, *scope.span), tuple(steps)))
    return found


def _steps(finder: Finder, path: str, facts: FileFacts, owner: Scope, form: Sagas) -> list[Step]:
    found: list[Step] = []
    for bindings in owner.names.values():
        value = bindings[-1].value
        if not isinstance(value, ScopeRef):
            continue
        method = facts.scopes[value.index]
        for decorator in method.decorators:
            if _is(finder, path, facts, method, decorator, form.step):
                undo = _text(finder, path, facts, method, decorator, form.compensation, None)
                found.append(Step(method.name, Place(path, *method.span), undo))
    return sorted(found, key=lambda step: step.place.line)


def _is(finder: Finder, path: str, facts: FileFacts, scope: Scope, decorator: Decorator, wanted: str) -> bool:
    at = At(path, facts, scope.parent, scope.block, scope.span[0])
    value: AnyExpr = decorator.value
    if isinstance(value, CallRef):
        return External(wanted) in finder.evaluator.callees(path, facts, facts.calls[value.index])
    return External(wanted) in finder.evaluator.eval(at, value)


def _text(
    finder: Finder,
    path: str,
    facts: FileFacts,
    scope: Scope,
    decorator: Decorator,
    keyword: str,
    position: int | None,
) -> str:
    if not isinstance(decorator.value, CallRef):
        return ""
    call = facts.calls[decorator.value.index]
    expr = dict(call.keywords).get(keyword)
    if expr is None and position is not None and position < len(call.args):
        expr = call.args[position]
    at = At(path, facts, scope.parent, scope.block, scope.span[0])
    texts = (
        [v.text for v in finder.evaluator.eval(at, expr) if isinstance(v, Str)] if expr is not None else []
    )
    return texts[0] if texts else ""
