"""Functions marked as handlers by an attribute that a bus looks for by its name."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import At, Evaluator
from pubsub_devtools_analysis.facts import FileFacts, Name
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.relays import asked
from pubsub_devtools_analysis.shapes.words import DIALECT, EVENTS
from pubsub_devtools_analysis.values import Argument, Items


def marked(facts: FileFacts, evaluator: Evaluator, path: str) -> tuple[list[tuple[str, Draft]], set[str]]:
    """Functions marked as handlers by an attribute, `f._event = key`, and the attributes that are looked for by name."""
    drafts: list[tuple[str, Draft]] = []
    for store in facts.stores:
        if not store.attr or not EVENTS.search(store.attr):
            continue
        if isinstance(store.base, Name) and facts.scopes[store.scope].kind == "function":
            at = At(path, facts, store.scope, -1, store.span[0])
            handler = next((v for v in evaluator.eval(at, store.base) if isinstance(v, Argument)), None)
            key = next((v for v in evaluator.eval(at, store.value) if isinstance(v, Argument | Items)), None)
            if isinstance(key, Items):
                key = next((v for group in key.items for v in group if isinstance(v, Argument)), None)
            if handler is not None and key is not None and handler != key:
                scope = facts.scopes[store.scope].key
                drafts.append(
                    (store.attr, Draft("handle", DIALECT, DIALECT, key, path, store.span, scope, handler,
                                       certainty="likely", reason="by-mark"))
                )  # fmt: skip
    return drafts, {mark for call in facts.calls if (mark := asked(call))}
