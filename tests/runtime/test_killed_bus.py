"""kill -9 in the middle of 1,000 publishes on a bus with everything on: nothing acknowledged is lost, effects happen once."""

import subprocess
import sys
from collections import Counter

import pytest

from pubsub_devtools.resilience.stores.local import LocalStores


def start(mode, folder):
    command = [sys.executable, "-m", "tests.runtime.killed_bus", mode, str(folder)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE)


@pytest.mark.parametrize("after", [3, 400])
def test_killed_with_everything_on(tmp_path, after):
    process = start("crash", tmp_path)
    told = [process.stdout.readline() for _ in range(after)]
    process.kill()
    told += [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    acknowledged = {int(number) for number in told}
    assert after <= len(acknowledged) < 1000

    process = start("finish", tmp_path)
    process.communicate(timeout=90)
    assert process.returncode == 0

    effects = Counter(tmp_path.joinpath("effects").read_text().splitlines())
    stores = LocalStores(tmp_path / "state")
    letters = stores.dead_letters.find(limit=10**6)
    stores.close()
    buried = {name: [one for one in letters if one.handler.endswith(name)] for name in ("bills", "ships")}

    # Each handler has had its effect on each acknowledged event, or a dead letter tells why not.
    failing = {number for number in acknowledged if number % 5 == 0}
    assert {f"bills {number}" for number in acknowledged - failing} <= set(effects)
    assert len(failing) <= len(buried["bills"]) <= len(failing) + 1
    assert {one.message for one in buried["bills"]} == {"no such account"}
    down = {number for number in acknowledged if number % 7 == 0}
    shipped = {number for number in acknowledged if effects[f"ships {number}"]}
    assert acknowledged - shipped <= down
    assert len(down - shipped) <= len(buried["ships"])
    # `ships` is idempotent, and both wrote what they did before the next event was accepted: one alone was under way.
    twice = {line for line, times in effects.items() if times > 1}
    assert len(twice) <= 1
    assert not twice & {f"ships {number}" for number in acknowledged}
