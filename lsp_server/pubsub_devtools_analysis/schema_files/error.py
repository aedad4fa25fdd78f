"""What is wrong with a schema's file."""


class SchemaError(Exception):
    """A schema that cannot be read, in words."""
