"""Compression of bodies: algorithms by the name that stands in ``content-encoding``, each bounded in what it unpacks."""

from pubsub_devtools.serialization.compression.compression import Compression, compressed, decompressed

__all__ = ["Compression", "compressed", "decompressed"]
