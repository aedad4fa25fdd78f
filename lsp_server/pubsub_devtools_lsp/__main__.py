"""`python -m pubsub_devtools_lsp`: the server over standard input and output, without the command line's packages."""

from pubsub_devtools_lsp.run import main

main()
