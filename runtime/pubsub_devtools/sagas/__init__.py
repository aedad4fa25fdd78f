"""Sagas as declarations: which steps belong together, and what undoes each."""

from pubsub_devtools.sagas.declare import SagaDeclaration, StepDeclaration, saga, saga_of, step

__all__ = ["SagaDeclaration", "StepDeclaration", "saga", "saga_of", "step"]
