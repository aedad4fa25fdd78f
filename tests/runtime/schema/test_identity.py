"""No two ids are the same, in whichever thread or process they are made."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pubsub_devtools.schema.identity import new_id

FORKS = """
import os
from pubsub_devtools.schema.identity import new_id
new_id()
child = os.fork()
if child:
    os.waitpid(child, 0)
print(*(new_id()[15:] for _ in range(600)), flush=True)
os._exit(0)
"""


def test_threads_never_share_an_id():
    with ThreadPoolExecutor(8) as threads:
        made = [
            each for ids in threads.map(lambda _: [new_id() for _ in range(1000)], range(8)) for each in ids
        ]
    assert len(set(made)) == len(made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_draws_anew():
    run = subprocess.run(
        [sys.executable, "-c", FORKS], capture_output=True, text=True, check=True, timeout=60
    )
    made = run.stdout.split()
    assert len(made) == 1200
    assert len(set(made)) == 1200
