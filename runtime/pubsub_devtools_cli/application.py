"""`--app MODULE:BUS`: the user's bus, for commands that need its handlers.

Here alone code of the user is imported by a command. It is looked for in the working directory, or beside the
`pyproject.toml` whose `[tool.pubsub-devtools] app` names it; a folder `src` there counts as well.
"""

from __future__ import annotations

import difflib
import re
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pubsub_devtools_cli.failure import UNREADABLE, Failure

if TYPE_CHECKING:
    from types import ModuleType

    from pubsub_devtools.bus.bus import EventBus

App = Annotated[
    str | None,
    typer.Option(
        "--app",
        metavar="MODULE:BUS",
        help="The bus of your application, such as shop.main:bus; otherwise `app` of [tool.pubsub-devtools].",
        show_default=False,
    ),
]

_FORM = re.compile(r"(?P<module>[^\W\d]\w*(\.[^\W\d]\w*)*)(:(?P<path>[^\W\d]\w*(\.[^\W\d]\w*)*)(\(\))?)?")


class Named(NamedTuple):
    """Where an application's bus lies: what was written, and the folder that imports start from."""

    app: str
    folder: Path


def named_app(app: str | None) -> Named | None:
    """Return which bus is meant by the option, else by the settings; None where neither names one."""
    from pubsub_devtools_analysis.config import ConfigError, find, load  # noqa: PLC0415 (a named one needs no settings)

    here = Path.cwd()
    if app is not None:
        return Named(app, here)
    try:
        file, settings = find(here), load(here)
    except ConfigError as error:
        raise Failure(str(error)) from None
    return Named(settings.app, file.parent) if file and settings.app else None


def load_bus(app: str | None) -> EventBus:
    """Import the application and return its bus.

    Args:
        app: ``module:name``, where the name may be dotted, and may be a function without arguments that returns the bus or
            an object with a ``bus``. ``module`` alone takes the one bus that the module holds. None asks the settings.

    Raises:
        Failure: Nothing is named, or what is named cannot be imported or is no bus.
    """
    named = named_app(app)
    if named is None:
        raise Failure(
            "which application is meant?",
            details=("--app module:bus names it, or `app` of [tool.pubsub-devtools] in pyproject.toml",),
        )
    form = _FORM.fullmatch(named.app)
    if form is None:
        raise Failure(
            f"--app {named.app} is not of the form module:bus", details=("for instance shop.main:bus",)
        )
    module = _imported(form["module"], named)
    found = _followed(module, form["path"]) if form["path"] else _only_bus(module)
    return _bus(found, named.app)


def _imported(name: str, named: Named) -> ModuleType:
    for folder in (named.folder / "src", named.folder):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise _broken(name, error) from error
        raise Failure(
            f"there is no module {error.name} for --app {named.app}",
            details=(f"imports start from {named.folder}",),
        ) from None
    except (Exception, SystemExit) as error:
        raise _broken(name, error) from error


def _broken(name: str, error: BaseException) -> Failure:
    told = traceback.format_exception_only(error)[-1].strip()
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Failure(
        f"{name} cannot be imported: {told}", UNREADABLE, details=(f"{last.filename}:{last.lineno}",)
    )


def _followed(module: ModuleType, path: str) -> object:
    found: object = module
    for name in path.split("."):
        if not hasattr(found, name):
            near = difflib.get_close_matches(name, vars(module) if found is module else dir(found), n=3)
            raise Failure(
                f"{module.__name__} has no {path}", details=tuple(f"did you mean {one}?" for one in near)
            )
        found = getattr(found, name)
    return found


def _only_bus(module: ModuleType) -> object:
    from pubsub_devtools.bus.bus import EventBus  # noqa: PLC0415 (loads pydantic)

    buses = {name: value for name, value in vars(module).items() if isinstance(value, EventBus)}
    if len({id(bus) for bus in buses.values()}) == 1:
        return next(iter(buses.values()))
    problem = "several buses" if buses else "no bus"
    raise Failure(
        f"{module.__name__} holds {problem}: say which one, as {module.__name__}:NAME",
        details=tuple(f"--app {module.__name__}:{name}" for name in buses),
    )


def _bus(found: object, app: str) -> EventBus:
    from pubsub_devtools.bus.bus import EventBus  # noqa: PLC0415 (loads pydantic)

    made = found
    if callable(found) and not isinstance(found, EventBus):
        try:
            made = found()
        except Exception as error:
            raise Failure(
                f"{app} cannot be called without arguments: {type(error).__name__}: {error}", UNREADABLE
            ) from error
    bus = made if isinstance(made, EventBus) else getattr(made, "bus", None)
    if not isinstance(bus, EventBus):
        raise Failure(f"{app} is a {type(made).__name__}, neither an EventBus nor an object with a bus")
    return bus
