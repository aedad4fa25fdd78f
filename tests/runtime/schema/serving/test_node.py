"""A foreign client in JavaScript, Confluent's, takes our server for the registry that it knows."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGE = "@confluentinc/schemaregistry@1.10.1"


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """A folder in which the client is installed: that of PUBSUB_TEST_SCHEMAREGISTRY_JS, or a new one where it may be."""
    if given := os.environ.get("PUBSUB_TEST_SCHEMAREGISTRY_JS"):
        return Path(given)
    if os.environ.get("CI") != "true" and os.environ.get("PUBSUB_TEST_INSTALL") != "1":
        pytest.skip(f"needs {PACKAGE}; PUBSUB_TEST_INSTALL=1 lets the test install it with npm")
    if not shutil.which("npm"):
        pytest.skip("needs npm")
    folder = tmp_path_factory.mktemp("node")
    command = [
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--prefix",
        str(folder),
        PACKAGE,
    ]
    subprocess.run(command, check=True, timeout=300)
    return folder


def test_the_client_for_javascript(server, package):
    script = Path(__file__).parent / "node_client.mjs"
    command = ["node", str(script), server.url, str(package / "any.cjs")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "id": 1,
        "subjects": ["orders-value"],
        "versions": [1],
        "latest": 1,
        "found": 1,
        "version": 1,
        "compatible": False,
        "refused": [409, 409],
        "mode": "FULL",
        "missing": [404, 40401],
        "avro": {"total": 7},
        "json": {"total": 7},
        "proto": [["new"], 3],
        "deleted": [1],
        "gone": [1],
    }
