"""What functions of the workspace read of a message that they get whole, and what is put around a handler."""

from __future__ import annotations

from pathlib import Path

from tests.analysis.fields.workspace import EMITTER, HA, NATS, handlers, passed, reads, told


def test_a_function_gets_it_whole(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            store(m)

        def store(order):
            print(order.total)
    """) == "total"  # fmt: skip


def test_by_keyword_in_another_file(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        from stores import store

        @ee.on("order")
        def on_order(m):
            store(1, order=m)
    """, stores="""
        def store(count, order):
            print(order.total)
    """) == "total"  # fmt: skip


def test_a_part_is_not_followed(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            store(m.customer)

        def store(customer):
            print(customer.email)
    """) == "customer"  # fmt: skip


def test_what_such_a_function_gives_is_not_followed(tmp_path: Path) -> None:
    assert told(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            print(prepared(m).total)

        def prepared(order):
            return order
    """) == ("", ())  # fmt: skip


def test_a_function_that_ignores_it(tmp_path: Path) -> None:
    assert told(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            store(m)

        def store(order):
            pass
    """) == ("", ())  # fmt: skip


def test_through_several_functions_to_one_outside(tmp_path: Path) -> None:
    assert told(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            first(m)

        def first(a):
            print(a.x)
            second(a)

        def second(b):
            print(b)
    """) == ("x", ("print",))  # fmt: skip


def test_recursion_and_functions_that_call_each_other(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            even(m, 3)

        def even(a, n):
            print(a.even)
            odd(a, n - 1)

        def odd(b, n):
            print(b.odd)
            if n:
                even(b, n - 1)
    """) == "even odd"  # fmt: skip


def test_methods_and_constructors(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        class Total:
            def __init__(self, order):
                self.total = order.total

        class Orders:
            def __init__(self):
                ee.on("order", self.on_order)

            def on_order(self, m):
                self.check(m)
                Total(m)

            def check(self, order):
                print(order.sku)
    """) == "sku total"  # fmt: skip


def test_a_method_of_a_base_class(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        class Base:
            def check(self, order):
                print(order.sku)

        class Orders(Base):
            def __init__(self):
                ee.on("order", self.on_order)

            def on_order(self, m):
                super().check(m)
    """) == "sku"  # fmt: skip


def test_entries_as_arguments(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            store(1, **m)

        def store(count, total, unused=0, **others):
            print(count, total, others["sku"])
    """) == "sku total"  # fmt: skip


def test_entries_that_nest(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(m):
            store(**m)

        def store(customer):
            print(customer.email)
    """) == "customer.email"  # fmt: skip


def test_partial_and_a_lambda(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        class Orders:
            def __init__(self):
                ee.on("order", lambda m: self.store(m["order"], m))

            def store(self, order, whole):
                print(order.total, whole["count"])
    """) == "count order"  # fmt: skip


def test_a_wrapper_of_the_workspace_around_the_handler(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        import functools

        def checked(function):
            @functools.wraps(function)
            def inner(message):
                if message.valid:
                    return function(message)
            return inner

        @ee.on("order")
        @checked
        def on_order(m):
            print(m.total)
    """) == "total valid"  # fmt: skip


def test_a_wrapper_with_arguments_that_takes_anything(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        def checked(level):
            def around(function):
                def inner(*args, **kwargs):
                    print(args[0].valid)
                    return function(*args, **kwargs)
                return inner
            return around

        @ee.on("order")
        @checked(3)
        def on_order(m):
            print(m.total)
    """) == "total valid"  # fmt: skip


def test_a_decoder(tmp_path: Path) -> None:
    assert reads(tmp_path, NATS, """
        import json

        async def on_order(msg):
            order = json.loads(msg.data.decode())
            print(order["total"], msg.subject, msg.headers["trace"])
    """) == "total"  # fmt: skip


def test_the_message_with_its_payload_inside_is_handed_on(tmp_path: Path) -> None:
    assert reads(tmp_path, HA, """
        def on_order(event):
            print(event.context, event.time_fired)
            store(event)
            check(event.data)

        def store(event):
            print(event.data["total"])

        def check(data):
            print(data["sku"])
    """) == "sku total"  # fmt: skip


def test_the_bare_payload_is_handed_on(tmp_path: Path) -> None:
    assert passed(tmp_path, NATS, """
        async def on_order(msg):
            print(msg.data.decode())
            await msg.ack()
    """) == ("print",)  # fmt: skip


def test_tasks_have_their_parameters_for_fields(tmp_path: Path) -> None:
    assert handlers(tmp_path, {"tasks.py": """
        from celery import shared_task

        @shared_task(bind=True)
        def send(self, order, unused, count=1, **kwargs):
            self.retry()
            print(order.customer.email, count, kwargs["colour"], kwargs.get("size"))

        @shared_task
        def forward(first, *args, **kwargs):
            deliver(*args, **kwargs)

        def deliver(address, **kwargs):
            print(address)

        @shared_task
        def hand_on(**kwargs):
            print(kwargs)
    """}) == {
        "send": ("colour count order size", ()),
        "forward": ("address", ()),
        "hand_on": ("", ("print",)),
    }  # fmt: skip


def test_signals_leave_the_sender_out(tmp_path: Path) -> None:
    assert handlers(tmp_path, {"signals.py": """
        from django.dispatch import Signal, receiver

        ordered = Signal()

        @receiver(ordered)
        def on_order(sender, instance, created, **kwargs):
            if instance.total:
                print(sender, kwargs["signal"], kwargs["update_fields"])
    """}) == {"on_order": ("instance update_fields", ())}  # fmt: skip


def test_several_arguments_of_an_emitter_are_fields(tmp_path: Path) -> None:
    assert reads(tmp_path, EMITTER, """
        @ee.on("order")
        def on_order(order, count):
            print(order.total, count)
    """) == "count order"  # fmt: skip


def test_what_a_framework_injects_is_no_field(tmp_path: Path) -> None:
    assert handlers(tmp_path, {"app.py": """
        from typing import Annotated

        from faststream import Context, Depends, Logger
        from faststream.nats import NatsBroker, NatsMessage
        from deps import Session

        broker = NatsBroker()

        @broker.subscriber("one")
        async def one(body: dict, logger: Logger, session: Session, key=Context()):
            logger.info(body["total"])
            session.add(key)

        @broker.subscriber("several")
        async def several(order: dict, count: int, user: Annotated[str, Depends(print)]):
            print(order["total"], count, user)

        @broker.subscriber("wrapped")
        async def wrapped(msg: NatsMessage):
            print(msg.body["total"], msg.correlation_id)
    """, "deps.py": """
        from typing import Annotated

        from faststream import Depends

        Session = Annotated[object, Depends(object)]
    """}) == {
        "one": ("total", ()),
        "several": ("count order.total", ()),
        "wrapped": ("total", ()),
    }  # fmt: skip
