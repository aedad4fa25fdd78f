"""A file as text, always in the same way: what is kept of a descriptor, and the normal form of a file."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.schema.judges.protobuf.file import MOST, Enum, Field, File, Message, Range, Service

__all__ = ["written"]


def written(file: File) -> str:
    """Return the text of a file.

    Example:
        >>> print(written(File("proto3", "shop", messages=(Message("Order", (Field("id", 1, "string"),)),))))
        syntax = "proto3";
        package shop;
        <BLANKLINE>
        message Order {
          string id = 1;
        }
        <BLANKLINE>
    """
    head = [f'syntax = "{file.syntax}";']
    if file.package:
        head.append(f"package {file.package};")
    head += [f'import {"public " * used.public}"{used.path}";' for used in file.imports]
    head += [f"option {name} = {value};" for name, value in file.options]
    blocks = [
        *("\n".join(_message(message)) for message in file.messages),
        *("\n".join(_enum(enum)) for enum in file.enums),
        *("\n".join(_service(service)) for service in file.services),
    ]
    return "\n\n".join(["\n".join(head), *blocks]) + "\n"


def _message(message: Message, *, head: str = "") -> Iterator[str]:
    yield f"{head or f'message {message.name}'} {{"
    yield from (f"  option {name} = {value};" for name, value in message.options)
    yield from (f"  reserved {_range(span)};" for span in message.reserved)
    if message.reserved_names:
        yield f"  reserved {', '.join(f'{chr(34)}{name}{chr(34)}' for name in message.reserved_names)};"
    groups = {field.type for field in message.fields if field.group}
    for field in message.fields:
        if not field.oneof:
            yield from (f"  {line}" for line in _field(field, message))
    for name, members in message.oneofs.items():
        yield f"  oneof {name} {{"
        for field in members:
            yield from (f"    {line}" for line in _field(field, message))
        yield "  }"
    for inner in message.messages:
        if inner.name not in groups:
            yield from (f"  {line}" for line in _message(inner))
    for enum in message.enums:
        yield from (f"  {line}" for line in _enum(enum))
    yield "}"


def _field(field: Field, message: Message) -> Iterator[str]:
    label = f"{field.label} " if field.label else ""
    options = ", ".join(f"{name} = {value}" for name, value in field.options)
    tail = f" = {field.number}{f' [{options}]' if options else ''}"
    if field.group:
        short = field.type.rpartition(".")[2]
        body = next((inner for inner in message.messages if inner.name == short), Message(short))
        yield from _message(body, head=f"{label}group {short}{tail}")
        return
    type_ = f"map<{field.key}, {field.type}>" if field.key else field.type
    yield f"{label}{type_} {field.name}{tail};"


def _enum(enum: Enum) -> Iterator[str]:
    yield f"enum {enum.name} {{"
    yield from (f"  option {name} = {value};" for name, value in enum.options)
    yield from (f"  {name} = {number};" for name, number in enum.values)
    yield "}"


def _service(service: Service) -> Iterator[str]:
    yield f"service {service.name} {{"
    for method in service.methods:
        takes = f"{'stream ' * method.takes_many}{method.takes}"
        gives = f"{'stream ' * method.gives_many}{method.gives}"
        yield f"  rpc {method.name} ({takes}) returns ({gives});"
    yield "}"


def _range(span: Range) -> str:
    first, last = span
    return str(first) if first == last else f"{first} to {'max' if last == MOST else last}"
