"""The ways between the versions of one event, and what is missing where there is none."""

from __future__ import annotations

from collections import deque

import msgspec

from pubsub_devtools.schema.transform import Step, arrow
from pubsub_devtools.schema.versions import is_older, version_rank

__all__ = ["Ways"]


class Ways(msgspec.Struct, frozen=True):
    """The registered steps of one event, in the order of their registration."""

    event: str
    steps: tuple[Step, ...] = ()

    def shortest(self, from_version: str, to_version: str) -> tuple[Step, ...] | None:
        """Return the way with the fewest steps, or None. Among equals the one whose steps were registered first."""
        before: dict[str, Step] = {}
        waiting = deque([from_version])
        while waiting and to_version not in before:
            for step in self._from(waiting.popleft()):
                if step.to_version not in before:
                    before[step.to_version] = step
                    waiting.append(step.to_version)
        way: list[Step] = []
        at = to_version
        while at in before:
            way.append(before[at])
            at = before[at].from_version
        return tuple(reversed(way)) if at == from_version else None

    def versions(self) -> tuple[str, ...]:
        """Return the versions at which a step begins or ends, the oldest first."""
        ends = {version for step in self.steps for version in (step.from_version, step.to_version)}
        return tuple(sorted(ends, key=version_rank))

    def why_none(self, from_version: str, to_version: str) -> str:
        """Return why there is no way, and the step whose registration would make one."""
        name = self.event or "the event"
        if not is_older(from_version, to_version):
            return (
                f"{name} {arrow(from_version)} cannot become {arrow(to_version)}: migrations lead to newer versions "
                f"only, since an older one has to be given what the newer no longer says. Take {arrow(from_version)}"
                " where it is read"
            )
        reached, leading = self._reached(from_version, to_version), self._leading(to_version)
        so_far = f": migrations lead as far as {arrow(reached)}" if reached != from_version else ""
        # A step may join the two where the one ends and the other begins.
        start = leading if is_older(reached, leading) else to_version
        return f"no way leads from {name} {arrow(from_version)} to {arrow(to_version)}{so_far}. Register {arrow(reached, start)}"

    def why_not_back(self, from_version: str, to_version: str) -> str:
        """Return why a step that does not lead to a newer version is refused."""
        about = f"a migration of {self.event or 'the event'} {arrow(from_version, to_version)}"
        known = self.shortest(to_version, from_version)
        if known:
            circle = arrow(to_version, *(step.to_version for step in known), to_version)
            return f"{about} would close the circle {circle}"
        return f"{about} is refused: migrations lead from an older version to a newer one"

    def _from(self, version: str) -> list[Step]:
        return [step for step in self.steps if step.from_version == version]

    def _reached(self, version: str, limit: str) -> str:
        """Return the newest version, below the one wanted, that one gets to."""
        found = [
            end for end in self.versions() if is_older(end, limit) and self.shortest(version, end) is not None
        ]
        return found[-1] if found else version

    def _leading(self, version: str) -> str:
        """Return the oldest version from which one gets to another one."""
        return next(
            (start for start in self.versions() if self.shortest(start, version) is not None), version
        )
