"""`python -m pubsub_devtools_lsp`: the server without the command line's packages, with the same options."""

import sys

if not sys.flags.safe_path:
    # Editors start servers in the workspace, and `-m` puts that first on the import path: its files are never run.
    del sys.path[0]

from pubsub_devtools_lsp.run import main

main(sys.argv[1:])
