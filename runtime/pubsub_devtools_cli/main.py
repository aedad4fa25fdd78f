"""The entry of `pubsub-tools`, which works even where the extra is not installed.

Everything that needs a package beyond the standard library is imported behind this door; when one is missing, the
answer is one line that says what to install.
"""

from __future__ import annotations

import gc
import sys

_OURS = ("pubsub_devtools", "pubsub_devtools_cli", "pubsub_devtools_analysis", "pubsub_devtools_lsp")
_OF_THE_SERVER = ("pygls", "lsprotocol", "websockets")


def main() -> None:
    """Run the command line and exit with its code."""
    code = run(sys.argv[1:])
    gc.freeze()  # the system takes all back at once: nothing need be looked through on the way out
    sys.exit(code)


def run(args: list[str]) -> int:
    """Run the command line on ``args`` and return the exit code."""
    if args == ["--version"]:
        print(version())
        return 0
    try:
        if args[:1] == ["lsp"] and {*args[1:]} <= {"--stdio"}:
            # An editor waits, for as long as it is open: nothing that only people need is loaded.
            from pubsub_devtools_lsp.run import main as serve  # noqa: PLC0415 (needs the extra)

            serve(args[1:])
        from pubsub_devtools_cli.app import run_app  # noqa: PLC0415 (needs the extra)

        return run_app(args)
    except KeyboardInterrupt:
        return 130  # while the imports were under way
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in (*_OURS, ""):
            raise
        needs = f"pubsub-tools needs {package}, which is not installed"
        extra = "lsp" if package in _OF_THE_SERVER else "tools"
        print(f"{needs}: pip install 'pubsub-devtools[{extra}]'", file=sys.stderr)
        return 2


def version() -> str:
    """The installed version, read only when it is asked for."""
    from importlib.metadata import version as installed  # noqa: PLC0415 (costs a tenth of a bare start)

    return f"pubsub-tools {installed('pubsub-devtools')}"
