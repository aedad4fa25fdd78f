"""Media types, such as ``application/json; charset=utf-8``. Source: RFC 9110, section 8.3, and RFC 6838 on suffixes."""

from __future__ import annotations

__all__ = ["is_json", "is_structured", "media_type"]


def media_type(content_type: str) -> str:
    """Return the media type alone, in lower case.

    Example:
        >>> media_type("Application/JSON; charset=utf-8")
        'application/json'
    """
    return content_type.partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether the content is JSON: subtype ``json``, or any with the suffix ``+json``.

    Example:
        >>> is_json("text/json"), is_json("application/vnd.shop+json"), is_json("application/xml")
        (True, True, False)
    """
    subtype = media_type(content_type).partition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def is_structured(content_type: str) -> bool:
    """Whether a message holds attributes and data together, or many such (CloudEvents' structured and batched modes)."""
    return media_type(content_type).startswith("application/cloudevents")
