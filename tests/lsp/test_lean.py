"""What attrs writes works as before once it holds no more names than it uses."""

from __future__ import annotations

from types import ModuleType

from lsprotocol import converters, types

from pubsub_devtools_lsp.lean import slim, slim_protocol

SOURCE = """
import attrs

ONE, TWO, THREE = 1, 2, 3

@attrs.define(order=True)
class Point:
    x: int = attrs.field(converter=int, validator=attrs.validators.ge(0))
    y: list[int] = attrs.Factory(list)
"""


def test_classes_work_as_before() -> None:
    module = ModuleType("points")
    exec(SOURCE, vars(module))
    written = module.Point.__init__.__globals__
    before = len(written)
    gone = slim(module)
    assert len(written) <= before
    assert slim(module) == 0, gone
    assert module.Point("3") == module.Point(3, [])
    assert module.Point(3) < module.Point(4)
    assert repr(module.Point(3)) == "Point(x=3, y=[])"


def test_the_protocol_does_too() -> None:
    slim_protocol()
    assert max(len(written) for written in _written()) < 60
    converter = converters.get_converter()
    hover = types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, "*a*"),
        types.Range(types.Position(1, 2), types.Position(1, 4)),
    )
    again = converter.structure(converter.unstructure(hover), types.Hover)
    assert again == hover
    assert repr(again) == repr(hover)


def _written() -> list[dict[str, object]]:
    made = (getattr(cls, "__init__", None) for cls in vars(types).values() if hasattr(cls, "__attrs_attrs__"))
    return [each.__globals__ for each in made if hasattr(each, "__globals__")]
