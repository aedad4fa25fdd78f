"""Static analysis: from source files to one event graph. Knows nothing of editors or protocols."""
