"""`python -m pubsub_devtools_lsp`: the server without the command line's packages, with the same options."""

import sys

from pubsub_devtools_lsp.run import main

main(sys.argv[1:])
