"""Annotations as written, to `FieldType`: pure functions on `ast`, so that no code of a workspace is ever run.

They know the generics of ``typing``, ``collections`` and the builtins, unions, ``Literal``, ``Annotated`` with the limits of
pydantic and annotated-types, qualifiers, enums and classes of fields. What a name means comes from a resolver.

Left out, on purpose: type parameters of generic classes (such a field is `Unknown`), fields that a decorator or metaclass
adds, aliases made by a generator, and every value that only running the code would give.
"""

from pubsub_devtools.schema.from_annotations.annotation import Resolve, annotation_type
from pubsub_devtools.schema.from_annotations.classes import class_type
from pubsub_devtools.schema.from_annotations.fields import field_of
from pubsub_devtools.schema.from_annotations.module import ModuleNames

__all__ = ["ModuleNames", "Resolve", "annotation_type", "class_type", "field_of"]
