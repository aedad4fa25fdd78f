"""Where a file's text says something of events: names in strings, classes, constants, publishing methods, handlers."""
