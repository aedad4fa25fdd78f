"""How a file's bytes become a tree: decoding, limits, newer syntax, repair of what is being typed."""

from .read import Reading, read
from .trouble import Trouble

__all__ = ["Reading", "Trouble", "read"]
