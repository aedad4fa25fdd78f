"""Our registry over the HTTP API of Confluent's Schema Registry, so that clients in any language may use it.

Source: https://docs.confluent.io/platform/current/schema-registry/develop/api.html. Left out: contexts, exporters, rules and
metadata, encryption, and whatever forwards between servers. `docs/how-to/runtime-schema-registry.md` tells how to use it.
"""

from pubsub_devtools.schema.serving.desk import Desk
from pubsub_devtools.schema.serving.server import RegistryServer

__all__ = ["Desk", "RegistryServer"]
