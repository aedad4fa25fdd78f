"""Where state lies: the folder that commands look into is the one that the application wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pubsub_devtools.storage.errors import StorageError

DEFAULT = ".pubsub"
STATE_FILE = "state.sqlite3"
_SECTION = "[tool.pubsub-devtools]"


def state_dir(given: str | Path | None = None, *, start: Path | None = None) -> Path:
    """Return the folder of state, which need not exist.

    It is what was given; else ``state_dir`` of ``[tool.pubsub-devtools]`` in the nearest ``pyproject.toml`` upwards from
    ``start`` (relative to that file); else ``.pubsub`` beside that file; without one, ``.pubsub`` in ``start``.

    Args:
        given: A folder that overrules the settings.
        start: Where to begin to look; the working directory by default.

    Raises:
        StorageError: The pyproject.toml cannot be read, or its ``state_dir`` is no text.

    Example:
        >>> state_dir("/var/lib/shop").as_posix()
        '/var/lib/shop'
    """
    if given is not None:
        return Path(given).absolute()
    here = (start or Path.cwd()).absolute()
    file = _settings_file(here)
    return here / DEFAULT if file is None else file.parent / (_setting(file) or DEFAULT)


def configured_state_dir(*, start: Path | None = None) -> Path | None:
    """Return the folder that the settings name, None where they name none.

    Args:
        start: Where to begin to look; the working directory by default.

    Raises:
        StorageError: As of ``state_dir``.
    """
    file = _settings_file((start or Path.cwd()).absolute())
    named = _setting(file) if file is not None else ""
    return file.parent / named if file is not None and named else None


def make_folder(folder: Path) -> None:
    """Make the folder and those above it.

    Raises:
        StorageError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        way_out = "make it yourself, or set another state_dir"
        raise StorageError(folder, f"this folder cannot be made ({error.strerror}); {way_out}") from error


def make_state_dir(folder: Path) -> None:
    """Make the folder of state; a new one hides itself from git by a .gitignore of its own.

    Raises:
        StorageError: It cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder)
    (folder / ".gitignore").write_text("# Made by pubsub-devtools: state of one machine.\n*\n", "utf-8")


def _settings_file(here: Path) -> Path | None:
    files = (folder / "pyproject.toml" for folder in (here, *here.parents))
    return next((file for file in files if file.is_file()), None)


def _setting(file: Path) -> str:
    try:
        settings: dict[str, object] = (
            tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("pubsub-devtools", {})
        )
    except (OSError, ValueError, AttributeError) as error:
        raise StorageError(
            file, f"it does not tell where state lies, since it cannot be read: {error}"
        ) from error
    value = settings.get("state_dir", "")
    if not isinstance(value, str):
        raise StorageError(file, f'state_dir in {_SECTION} must be a text such as "{DEFAULT}"')
    return value
