"""Consumer contracts as tests of the producer: `pytest contracts/` runs each `*.contract.json` against today's class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pubsub_devtools.model.field_type import Record
from pubsub_devtools.testing.consumer_contract import ConsumerContract, read_contract

__all__ = ["BrokenContract", "ContractFile"]


class BrokenContract(Exception):  # noqa: N818 (it is an outcome)
    """What a consumer no longer finds."""


class ContractFile(pytest.File):
    """One file, which is one test."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the test."""
        try:
            contract = read_contract(self.path)
        except ValueError as error:
            raise self.CollectError(str(error)) from None
        item: Any = _ContractItem  # pytest's own constructor says nothing of what it takes
        yield item.from_parent(self, name=f"{contract.consumer} reads {contract.event}", contract=contract)


class _ContractItem(pytest.Item):
    def __init__(self, name: str, parent: ContractFile, *, contract: ConsumerContract) -> None:
        super().__init__(name, parent)  # pyright: ignore[reportUnknownMemberType]
        self.contract = contract

    def runtest(self) -> None:
        """Hold the newest declared version of the event to the contract.

        Raises:
            BrokenContract: The consumer reads what is no longer given, or no class is that event.
        """
        from pubsub_devtools.schema.registry.default import schema_registry  # noqa: PLC0415 - loads pydantic
        from pubsub_devtools.schema.registry.errors import SchemaNotFound  # noqa: PLC0415
        from pubsub_devtools.schema.registry.reading import schema_type  # noqa: PLC0415

        contract = self.contract
        try:
            latest = schema_registry.latest(contract.event)
        except SchemaNotFound as error:
            raise BrokenContract(
                f"{error}. Import the module that declares it, for instance in conftest.py"
            ) from None
        now = schema_type(latest.schema)
        broken = contract.broken_by(now) if isinstance(now, Record) else ()
        if broken:
            told = "".join(f"\n  {reason.text}" for reason in broken)
            raise BrokenContract(f"{contract.event} {latest.version} breaks {contract.consumer}:{told}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what is broken, without a traceback."""
        if isinstance(excinfo.value, BrokenContract):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say which contract it is."""
        return self.path, 0, self.name
