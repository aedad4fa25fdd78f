"""The one setting that the bus reads: the name of the service, for envelopes of a bus that was given no ``source``."""

from functools import cache
from pathlib import Path


@cache
def service() -> str:
    """Return ``service`` of ``[tool.pubsub-devtools]`` in the nearest ``pyproject.toml``, upwards from the working directory.

    It is read once. A file that is missing, broken or silent about it gives ``""``: a bus must not fail over a label.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (file := folder / "pyproject.toml").is_file():
            return _service_in(file)
    return ""


def _service_in(file: Path) -> str:
    import tomllib  # noqa: PLC0415 - a bus that is given its source needs none

    try:
        settings = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("pubsub-devtools", {})
    except (OSError, ValueError):
        return ""
    name = settings.get("service", "")
    return name if isinstance(name, str) else ""
