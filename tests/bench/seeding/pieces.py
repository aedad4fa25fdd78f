"""What few repositories have, made of what their files do have: versions, sagas, messages of keys below a real file.

The fields of the events are those of a class in the file, the steps of a saga the functions there. Each piece is sound
by itself, and one change of it is the defect.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.bench.seeding.ground import Ground, Seed
from tests.bench.seeding.text import misspelt

_BROKERS = {"nats", "kafka", "amqp", "redis", "gcp_pubsub", "aws"}
_PLAIN = {"str", "int", "float", "bool"}
_OTHER = {"str": "int", "int": "list[str]", "float": "dict[str, str]", "bool": "str"}


def version_skews(ground: Ground) -> Iterator[Seed]:
    """PSD009: the migration between the published version and the one asked for is gone, or leads elsewhere."""
    for number, (path, name, fields) in enumerate(_classes(ground)):
        soil = _versions(name, fields, [*fields, 'comment: str = ""'])
        wanted = f"def on_{name.lower()}_changed(event: {name}ChangedV2) -> None:"
        step = 'migrator.register_migration(from_version="1.0.0", to_version="2.0.0", transform=dict)\n'
        wrong = ("", step.replace("2.0.0", "1.5.0"), step.replace('"1.0.0"', '"0.9.0"'))[number % 3]
        what = f"{name}Changed 1.0.0 does not become 2.0.0"
        yield from ground.planted("PSD009", path, what, soil, soil.replace(step, wrong), wanted)


def incompatible_versions(ground: Ground) -> Iterator[Seed]:
    """PSD010: the new version has a field more that is required, or one of another type."""
    for number, (path, name, fields) in enumerate(_classes(ground)):
        soil = _versions(name, fields, [*fields, 'comment: str = ""'], migrated=False)
        plain = next((f for f in fields if f.partition(": ")[2] in _PLAIN), None)
        if number % 2 and plain is not None:
            key, _, type_ = plain.partition(": ")
            new = [f"{key}: {_OTHER[type_]}" if f == plain else f for f in fields] + ['comment: str = ""']
        else:
            new = [*fields, "comment: str"]
        defect = _versions(name, fields, new, migrated=False)
        what = f"{name}Changed 2.0.0 has {sorted(set(new) - set(fields))}"
        yield from ground.planted("PSD010", path, what, soil, defect, f"class {name}ChangedV2(BaseEvent):")


def _versions(name: str, old: list[str], new: list[str], *, migrated: bool = True) -> str:
    """Two versions of an event, its migration and its handler; the old one is published where it is migrated."""
    names = [field.partition(":")[0] for field in old]
    given = ", ".join(f"{each}={each}" for each in names)
    extra = "" if migrated else ', comment="changed"'
    return (
        "from pubsub_devtools import BaseEvent, EventMigrator, event_bus, event_handler, event_schema\n\n\n"
        f'@event_schema(name="{name}Changed", version="1.0.0")\nclass {name}ChangedV1(BaseEvent):\n'
        + "".join(f"    {field}\n" for field in old)
        + f'\n\n@event_schema(name="{name}Changed", version="2.0.0")\nclass {name}ChangedV2(BaseEvent):\n'
        + "".join(f"    {field}\n" for field in new)
        + f'\n\nmigrator = EventMigrator("{name}Changed")\n'
        + 'migrator.register_migration(from_version="1.0.0", to_version="2.0.0", transform=dict)\n' * migrated
        + f'\n\n@event_handler("{name}Changed")\n'
        + f"def on_{name.lower()}_changed(event: {name}ChangedV2) -> None:\n    print(event.{names[0]})\n"
        + f"\n\ndef tell_{name.lower()}_changed({', '.join(names)}):\n"
        + f"    event_bus.publish({name}ChangedV{1 if migrated else 2}({given}{extra}))\n"
    )


def undeclared_reads(ground: Ground) -> Iterator[Seed]:
    """PSD007: a handler reads a field under a name that its event's class does not have."""
    for path, name, fields in _classes(ground):
        first, *names = (field.partition(":")[0] for field in fields)
        soil = (
            "from pubsub_devtools import BaseEvent, event_bus, event_handler\n\n\n"
            f"class {name}Changed(BaseEvent):\n"
            + "".join(f"    {field}\n" for field in fields)
            + f"\n\n@event_handler({name}Changed)\n"
            + f"def on_{name.lower()}_changed(event: {name}Changed) -> None:\n"
            + f"    print(event.{first})\n    print(event.{names[-1]})\n"
            + f"\n\ndef tell_{name.lower()}_changed(payload):\n"
            + f"    event_bus.publish({name}Changed(**payload))\n"
        )
        read, wrong = f"print(event.{first})", f"print(event.{first}_value)"
        what = f"{first}_value is no field of {name}Changed"
        yield from ground.planted("PSD007", path, what, soil, soil.replace(read, wrong), wrong)


def unpublished_reads(ground: Ground) -> Iterator[Seed]:
    """PSD008: a handler takes a key out of a message that its publisher does not put in."""
    for path, name, names, soil in _messages(ground):
        read, wrong = f'print(message["{names[0]}"])', f'print(message["{names[0]}_value"])'
        what = f"{names[0]}_value is no key of {name}"
        yield from ground.planted("PSD008", path, what, soil, soil.replace(read, wrong), wrong)


def misspelt_subjects(ground: Ground) -> Iterator[Seed]:
    """PSD001: the subject is misspelt where the message is published."""
    for path, name, _, soil in _messages(ground):
        wrong = misspelt(name)
        head, publish, rest = soil.rpartition(f'publish("{name}"')
        defect = f'{head}publish("{wrong}"{rest}' if publish else soil
        line = next((x.strip() for x in defect.splitlines() if f'publish("{wrong}"' in x), "")
        yield from ground.planted("PSD001", path, f"{name} is {wrong}", soil, defect, line)


def _messages(ground: Ground) -> Iterator[tuple[str, str, list[str], str]]:
    """Messages over NATS where a repository's own go through a broker: file, subject, keys, publisher and handler."""
    transports = {ground.context.index.events[s.event].transport for s in ground.sure("publish")}
    for path, name, fields in _classes(ground) if transports & _BROKERS else ():
        names = [field.partition(":")[0] for field in fields]
        subject = f"{name.lower()}s.changed"
        given = ", ".join(f'"{each}": item.{each}' for each in names)
        soil = (
            "import json\n\nimport nats\n\n\n"
            f"async def on_{name.lower()}_changed(msg):\n    message = json.loads(msg.data)\n"
            + "".join(f'    print(message["{each}"])\n' for each in names)
            + f"\n\nasync def tell_{name.lower()}_changed(item):\n"
            + '    connection = await nats.connect("nats://localhost:4222")\n'
            + f'    await connection.subscribe("{subject}", cb=on_{name.lower()}_changed)\n'
            + f'    await connection.publish("{subject}", json.dumps({{{given}}}).encode())\n'
        )
        yield path, subject, names, soil


def sagas(ground: Ground) -> Iterator[Seed]:
    """PSD016: a step of a saga is not compensated, by a name that no method has, or by a method that is gone."""
    for number, path in enumerate(ground.files()):
        tree = ground.tree(path)
        names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        if len(names) < 3:
            continue
        soil, step = _saga(names[:3]), f"def {names[1]}(self) -> None:"
        undo = f'@step(compensating_action="undo_{names[1]}")'
        wrong = (
            soil.replace(undo, "@step()"),
            soil.replace(undo, undo.replace("undo_", "undone_")),
            soil.replace(f"    def undo_{names[1]}(self) -> None:\n        print('undone')\n", ""),
        )[number % 3]
        yield from ground.planted("PSD016", path, f"step {names[1]} cannot be undone", soil, wrong, step)


def _saga(names: list[str]) -> str:
    """A saga whose steps are named as functions of the file."""
    head = "from pubsub_devtools import saga, step\n\n\n"
    body = f'@saga("{names[0]}_flow")\nclass {names[0].title().replace("_", "")}Flow:\n'
    for name in names[:-1]:
        body += f'    @step(compensating_action="undo_{name}")\n    def {name}(self) -> None:\n        print("done")\n\n'
    body += f"    @step()\n    def {names[-1]}(self) -> None:\n        print('done')\n"
    for name in names[:-1]:
        body += f"\n    def undo_{name}(self) -> None:\n        print('undone')\n"
    return head + body


def _classes(ground: Ground) -> Iterator[tuple[str, str, list[str]]]:
    """Classes with annotated fields of which no two defaults stand in the way: file, name, fields as written."""
    paths = [
        p
        for p in sorted(ground.host.sources().names)
        if ground.is_open(p) and b"class " in (ground.host.sources().text(p) or b"")
    ]
    for path in ground.chance.sample(paths, min(len(paths), 400)):
        for node in ground.tree(path).body:
            if isinstance(node, ast.ClassDef):
                fields = [f"{s.target.id}: {ast.unparse(s.annotation)}" for s in node.body if _is_field(s)]
                if 2 <= len(fields) <= 8:
                    yield path, node.name, fields
                    break


def _is_field(statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        return False
    text = ast.unparse(statement.annotation)
    is_private = statement.target.id.startswith(("_", "model_"))
    return statement.value is None and "ClassVar" not in text and not is_private
