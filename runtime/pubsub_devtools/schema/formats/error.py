"""What is wrong with a schema, or with what is asked of one."""


class SchemaError(Exception):
    """A schema that cannot be read, in words."""
