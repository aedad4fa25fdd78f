"""Where a bus keeps what shall outlive its process. Nothing is opened before something is kept, so that an import is none.

Dead letters go to the disk wherever they can. What handlers have seen, delayed attempts and shared states follow them where
somebody has said where state lies, by an argument or a setting: each costs a commit, which one asks for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pubsub_devtools.bus.context import current_context
from pubsub_devtools.resilience.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pubsub_devtools.plugins.slots import Hooks
    from pubsub_devtools.resilience.delayed import DelayedAttempts
    from pubsub_devtools.resilience.failed import DeadLetterSink
    from pubsub_devtools.resilience.seen import SeenStore
    from pubsub_devtools.resilience.states import StateStore
    from pubsub_devtools.resilience.stores.local import LocalStores

StateDir: TypeAlias = "str | Path | Literal[False] | None"
"""A folder; None: that of the settings, else the default one; False: state is kept in memory."""


class State:
    """The stores of one bus, over one file.

    Args:
        folder: Where that file lies.
        durable: Whether the bus keeps its events there.
    """

    def __init__(self, folder: StateDir, *, durable: bool = False) -> None:
        self._folder: StateDir = folder
        self._durable = durable

    @property
    def keeps_dead_letters(self) -> bool:
        """Whether dead letters outlive the process."""
        return self._folder is not False

    @cached_property
    def keeps_all(self) -> bool:
        """Whether all else does that guards keep."""
        if self._folder is not None or self._durable:
            return self._folder is not False
        from pubsub_devtools.storage.state_dir import configured_state_dir  # noqa: PLC0415 - few buses ask

        return configured_state_dir() is not None

    @cached_property
    def stores(self) -> LocalStores:
        """The stores on the disk."""
        from pubsub_devtools.resilience.stores.local import LocalStores  # noqa: PLC0415 - it needs SQLite

        return LocalStores(self._folder or None)


class BusServices(Services):
    """What the guards of a bus share; its stores are made when a guard first asks for them.

    Args:
        state: Where they lie.
        clock: Returns seconds since 1970.
        hooks: The slots of the registered plugins.
    """

    def __init__(self, state: State, clock: Callable[[], float], hooks: Hooks) -> None:
        super().__init__(clock=clock, envelope=current_context, hooks=hooks)
        self._state = state
        self._hooks = hooks

    @cached_property
    def dead_letters(self) -> DeadLetterSink:
        """Where events go that failed for good: the file that ``pubsub-tools dlq`` looks into."""
        from pubsub_devtools.resilience.dead_letters.filing import DeadLetters  # noqa: PLC0415 - few events fail for good

        store = self._state.stores.dead_letters if self._state.keeps_dead_letters else None
        return DeadLetters(store, hooks=self._hooks, clock=self.clock, monotonic=self.monotonic)

    @cached_property
    def seen(self) -> SeenStore:
        """What handlers have seen."""
        return self._state.stores.seen if self._state.keeps_all else super().seen

    @cached_property
    def delayed(self) -> DelayedAttempts:
        """Attempts that follow later."""
        return self._state.stores.delayed if self._state.keeps_all else super().delayed

    @cached_property
    def states(self) -> StateStore:
        """What breakers and limiters share."""
        return self._state.stores.states if self._state.keeps_all else super().states
