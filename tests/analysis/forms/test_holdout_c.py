"""Forms that a third set of applications nobody here had read showed."""

from __future__ import annotations

from pathlib import Path

from tests.analysis.forms.test_held_out_applications import sites


def test_names_start_beside_manage_py(tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/__init__.py").write_text("")
    found = sites(
        tmp_path,
        apps__manage="",
        apps__mail____init__="",
        apps__mail__tasks="""
            from celery import shared_task

            @shared_task
            def send_mail(): ...
        """,
        apps__mail__views="""
            from mail.tasks import send_mail

            def view():
                send_mail.delay()
        """,
    )
    assert found == {
        ("handle", "mail.tasks.send_mail", "apps/mail/tasks.py", 4),
        ("publish", "mail.tasks.send_mail", "apps/mail/views.py", 4),
    }


def test_a_parameter_that_is_handed_round_in_a_circle(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            import redis

            def first(client):
                client.bus.register("x")
                second(client.bus)

            def second(client):
                client.bus.register("x")
                first(client.bus)

            redis.Redis().publish("orders", 1)
        """,
    )
    assert found == {("publish", "orders", "app.py", 11)}


def test_a_signal_class_through_a_re_export_of_django(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            from django.db.models.signals import Signal

            saved_many = Signal()

            def save():
                saved_many.send(None)
        """,
    )
    assert found == {("declare", "app.saved_many", "app.py", 3), ("publish", "app.saved_many", "app.py", 6)}


def test_an_actor_that_is_a_callable_object_goes_by_its_name_attribute(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        tasks="""
            import dramatiq

            class Base:
                def __call__(self, *args):
                    self.run(*args)

            class Cleanup(Base):
                __name__ = "cleanup"

                def run(self): ...

            cleanup = dramatiq.actor(Cleanup(), max_retries=3)
        """,
        use="""
            from tasks import cleanup

            cleanup.send()
        """,
    )
    assert found == {("handle", "cleanup", "tasks.py", 4), ("publish", "cleanup", "use.py", 3)}


def test_a_sending_function_kept_in_an_attribute_or_given_as_a_dependency(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        tasks="""
            from collections.abc import Callable

            import dramatiq

            SendTask = Callable[..., None]

            def send_task(task: dramatiq.Actor, *args):
                task.send(*args)

            @dramatiq.actor
            def welcome(user): ...
        """,
        dependencies="""
            from tasks import SendTask, send_task

            async def get_send_task() -> SendTask:
                return send_task
        """,
        manager="""
            from tasks import SendTask, welcome

            class Manager:
                def __init__(self, send_task: SendTask):
                    self.send_task = send_task

                def register(self):
                    self.send_task(welcome, 1)
        """,
        routes="""
            from fastapi import Depends

            from dependencies import get_send_task
            from manager import Manager
            from tasks import SendTask, welcome

            async def get_manager(send_task: SendTask = Depends(get_send_task)):
                return Manager(send_task)

            async def route(send_task: SendTask = Depends(get_send_task)):
                send_task(welcome, 1)
        """,
    )
    assert found == {
        ("handle", "welcome", "tasks.py", 11),
        ("publish", "welcome", "manager.py", 8),
        ("publish", "welcome", "routes.py", 11),
    }


def test_an_actor_kept_in_an_attribute(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        log="""
            class Sink:
                def __init__(self, task: "Actor"):
                    self.task = task

                async def __call__(self, message):
                    self.task.send(message)

            def init():
                from tasks import write

                return Sink(write)
        """,
        tasks="""
            import dramatiq

            @dramatiq.actor
            def write(message): ...
        """,
    )
    assert found == {("handle", "write", "tasks.py", 4), ("publish", "write", "log.py", 6)}


def test_a_sending_method_that_is_passed_on(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        tasks="""
            import dramatiq

            @dramatiq.actor
            def cleanup(): ...
        """,
        schedule="""
            from apscheduler.schedulers.blocking import BlockingScheduler

            import tasks

            def schedule():
                scheduler = BlockingScheduler()
                scheduler.add_job(tasks.cleanup.send, "daily")
        """,
    )
    assert found == {("handle", "cleanup", "tasks.py", 4), ("publish", "cleanup", "schedule.py", 7)}


WRITER = """
    import asyncio

    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    class Client:
        def __init__(self, client, name):
            self.client = client
            self.name = name

    class Reader(Client):
        def __init__(self, topic, group_id="shop", **kwargs):
            if isinstance(topic, str):
                topic = [topic]
            consumer = AIOKafkaConsumer(*topic, group_id=group_id, **kwargs)
            super().__init__(consumer, "reader")

    class Writer(Client):
        def __init__(self, topic, **kwargs):
            producer = AIOKafkaProducer(**kwargs)
            self.topic = topic
            super().__init__(producer, "writer")

        async def send_one(self, message):
            await self.client.send_and_wait(self.topic, message)

        def send(self, message):
            return asyncio.ensure_future(self.send_one(message))
"""


def test_a_writer_object_that_keeps_its_topic(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        mqueue=WRITER,
        shop="""
            from mqueue import Writer

            class Shop:
                def __init__(self):
                    self.orders = Writer("orders")

                def place(self):
                    self.orders.send(1)
        """,
        bill="""
            import mqueue

            BILLS = mqueue.Writer("bills")

            def bill():
                BILLS.send(1)
        """,
    )
    assert found == {("publish", "orders", "shop.py", 8), ("publish", "bills", "bill.py", 6)}


def test_a_function_over_a_writer_object(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        mqueue=WRITER,
        track="""
            def send_status(producer, status):
                producer.send({"status": status})
        """,
        shop="""
            from mqueue import Writer
            from track import send_status

            class Processor:
                def __init__(self, tracker: Writer):
                    self.tracker = tracker

                def process(self):
                    send_status(self.tracker, "done")

            class Shop:
                def __init__(self):
                    self.status = Writer("status")
                    self.processor = Processor(self.status)

                def place(self):
                    send_status(self.status, "placed")
        """,
    )
    assert found == {("publish", "status", "shop.py", 9), ("publish", "status", "shop.py", 17)}


def test_a_reader_object_of_one_topic_and_of_several(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        mqueue=WRITER,
        config="""
            import os

            class Config:
                def __init__(self):
                    self.orders = os.getenv("ORDERS", "orders")
                    self.both = os.getenv("BOTH", "bills,refunds").split(",")
        """,
        shop="""
            from config import Config
            from mqueue import Reader

            CFG = Config()

            class Shop:
                def __init__(self):
                    self.one = Reader(CFG.orders)
                    self.two = Reader(CFG.both)

                async def run(self):
                    async for message in self.one.client:
                        print(message)
        """,
    )
    assert found == {
        ("handle", "orders", "shop.py", 8),
        ("handle", "bills", "shop.py", 9),
        ("handle", "refunds", "shop.py", 9),
    }


def test_a_publisher_protocol_and_topics_in_pydantic_settings(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        config="""
            from pydantic import Field
            from pydantic_settings import BaseSettings

            class BrokerSettings(BaseSettings):
                orders: str = Field(default="orders", alias="ORDERS")

            broker_settings = BrokerSettings()
        """,
        interfaces="""
            from abc import abstractmethod
            from typing import Any, Protocol

            class EventPublisher(Protocol):
                @abstractmethod
                async def publish(self, topic: str, event: Any) -> None: ...
        """,
        kafka="""
            from dataclasses import dataclass
            from typing import Any

            from faststream.kafka import KafkaBroker
            from interfaces import EventPublisher

            @dataclass(frozen=True)
            class KafkaPublisher(EventPublisher):
                broker: KafkaBroker

                async def publish(self, topic: str, event: Any) -> None:
                    await self.broker.publish(message=event, topic=topic)
        """,
        use="""
            from config import broker_settings
            from interfaces import EventPublisher

            class Place:
                def __init__(self, broker: EventPublisher):
                    self._broker = broker

                async def execute(self):
                    await self._broker.publish(topic=broker_settings.orders, event=1)
        """,
    )
    assert found == {("publish", "orders", "use.py", 9)}


def test_a_channel_object_behind_a_lazy_object(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        channel="""
            import redis

            class Channel:
                def __init__(self, ch):
                    self.ch = ch
                    self.redis = redis.Redis()

                def publish(self, data):
                    self.redis.publish(self.ch, data)
        """,
        use="""
            from django.utils.functional import LazyObject, lazy

            from channel import Channel

            class Lazy(LazyObject):
                def _setup(self):
                    self._wrapped = Channel("hosts")

            hosts = Lazy()
            nodes = lazy(lambda: Channel("nodes"), Channel)()

            def change():
                hosts.publish(True)
                nodes.publish(True)
        """,
    )
    assert found == {("publish", "hosts", "use.py", 13), ("publish", "nodes", "use.py", 14)}


RABBIT = """
    import aio_pika

    class Rabbit:
        def __init__(self):
            self._pool = aio_pika.pool.Pool(self._get_connection, max_size=1)
            self._channel_pool: aio_pika.pool.Pool | None = aio_pika.pool.Pool(self._get_channel, max_size=10)

        async def _get_connection(self):
            return await aio_pika.connect_robust("amqp://")

        async def _get_channel(self) -> aio_pika.abc.AbstractChannel:
            async with self._pool.acquire() as connection:
                return await connection.channel()

        async def subscribe(self, exchange_name, handler, *, queue_name=None):
            async with self._channel_pool.acquire() as channel:
                exchange = await channel.declare_exchange(exchange_name, durable=True)
                queue = await channel.declare_queue(exchange_name)
                await queue.bind(exchange)
                await queue.consume(handler)

        async def publish(self, exchange_name, message):
            async with self._channel_pool.acquire() as channel:
                exchange = await channel.declare_exchange(exchange_name, durable=True)
                await exchange.publish(aio_pika.Message(message.body()), routing_key="")
"""


def test_a_channel_from_a_pool(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        rabbit=RABBIT,
        use="""
            from rabbit import Rabbit

            async def place(client: Rabbit, order):
                await client.publish("orders", order)
        """,
    )
    assert ("publish", "exchange:orders", "use.py", 4) in found


def test_a_message_class_that_carries_its_channel(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        rabbit=RABBIT,
        messages="""
            from typing import Literal

            from pydantic import BaseModel

            class Message(BaseModel):
                channel_name: str

                @classmethod
                def get_channel_name(cls) -> str:
                    name: str = cls.model_fields["channel_name"].default
                    return name

            class Placed(Message):
                channel_name: Literal["orders.placed"] = "orders.placed"

            class Paid(Message):
                channel_name: Literal["orders.paid"] = "orders.paid"
        """,
        use="""
            from messages import Paid, Placed
            from rabbit import Rabbit

            async def place(client: Rabbit):
                await client.publish(Placed.get_channel_name(), Placed())
                message = Paid.model_construct(x=1)
                await client.publish(message.channel_name, message)
        """,
    )
    assert {f for f in found if f[0] == "publish"} == {
        ("publish", "exchange:orders.placed", "use.py", 5),
        ("publish", "exchange:orders.paid", "use.py", 7),
    }


def test_a_publish_whose_exchange_is_known_waits_for_no_routing_key(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        queue_service="""
            from kombu import Connection, Exchange
            from kombu.pools import producers

            class Service:
                def __init__(self):
                    self.exchange = Exchange("events", type="topic")
                    self.connection = Connection("amqp://")

                def one(self, producer, event, routing_key):
                    producer.publish(event, exchange=self.exchange, routing_key=routing_key)

                def all(self, events):
                    with producers[self.connection].acquire() as producer:
                        for event, key in events:
                            self.one(producer, event, key)
        """,
    )
    assert {f for f in found if f[0] == "publish"} == {("publish", "exchange:events", "queue_service.py", 10)}


def test_an_event_that_is_made_and_saved(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        domain="""
            from eventsourcing.domain import Aggregate, AggregateEvent

            class Forwarded(AggregateEvent[Aggregate]):
                text: str

            class Order(Aggregate):
                pass
        """,
        app="""
            from eventsourcing.application import Application, ProcessingEvent
            from eventsourcing.system import ProcessApplication

            from domain import Forwarded, Order

            class Orders(ProcessApplication):
                def forward(self):
                    forwarded = Forwarded(text="x")
                    self.save(forwarded)
                    self.save(Order())

                def policy(self, domain_event, processing_event: ProcessingEvent):
                    again = Forwarded(text="y")
                    processing_event.collect_events(again)
        """,
    )
    assert {f for f in found if f[0] == "publish"} == {
        ("publish", "domain.Forwarded", "app.py", 9),
        ("publish", "domain.Forwarded", "app.py", 14),
    }


def test_a_handler_that_a_partial_hands_to_another_function(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        consume="""
            from functools import partial

            import aio_pika

            async def on_message(handler, most, message):
                await handler(message.body)

            async def handle_order(body): ...

            async def main():
                connection = await aio_pika.connect_robust("amqp://")
                channel = await connection.channel()
                queue = await channel.declare_queue("orders")
                await queue.consume(partial(on_message, handle_order, 3))
        """,
    )
    assert {f for f in found if f[0] == "handle"} == {("handle", "orders", "consume.py", 8)}


def test_an_annotation_tells_what_an_attribute_of_a_library_object_is(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        rabbit=RABBIT,
        use="""
            from fastapi import FastAPI

            from rabbit import Rabbit

            async def place(app: FastAPI, order):
                client: Rabbit = app.state.client
                await client.publish("orders", order)
        """,
    )
    assert {f for f in found if f[0] == "publish"} == {("publish", "exchange:orders", "use.py", 7)}


def test_a_client_of_another_library_that_has_the_framework_s_name(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            import redis
            from django.core.cache import cache

            class Channel:
                def __init__(self):
                    self.redis = cache.client.get_client()
                    self.mail = cache.client.get_client()

                def publish(self):
                    self.redis.publish("orders", 1)
                    self.mail.publish("letters", 1)
        """,
    )
    assert found == {("publish", "orders", "app.py", 10)}


def test_a_constructor_that_hands_on_whatever_it_gets(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        mqueue=WRITER,
        shop="""
            from mqueue import Writer

            class Processor:
                def __init__(self, tracker: Writer, loop):
                    self.tracker = tracker

            class Orders(Processor):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)

                def process(self):
                    self.tracker.send(1)

            class Bills(Processor):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)

            class Shop:
                def __init__(self, loop):
                    self.tracker = Writer("status")
                    self.orders = Orders(self.tracker, loop)
                    self.bills = Bills(self.tracker, loop)
        """,
    )
    assert found == {("publish", "status", "shop.py", 12)}


def test_two_writers_given_to_one_class_name_no_call(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        mqueue=WRITER,
        shop="""
            from mqueue import Writer

            class Processor:
                def __init__(self, tracker: Writer):
                    self.tracker = tracker

                def process(self):
                    self.tracker.send(1)

            Processor(Writer("orders"))
            Processor(Writer("bills"))
        """,
    )
    assert {f[:3] for f in found} == {("publish", "orders", "mqueue.py"), ("publish", "bills", "mqueue.py")}


def test_a_base_class_s_method_speaks_of_the_class_that_it_is_called_on(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            import redis

            class Message:
                topic = "message"

                @classmethod
                def channel(cls):
                    return cls.topic

                def named(self):
                    return self.topic

            class Placed(Message):
                topic = "placed"

            class Paid(Message):
                topic = "paid"

            r = redis.Redis()
            r.publish(Placed.channel(), 1)
            r.publish(Paid().named(), 1)
            r.publish(Message.channel(), 1)
        """,
    )
    assert found == {
        ("publish", "placed", "app.py", 20),
        ("publish", "paid", "app.py", 21),
        ("publish", "message", "app.py", 22),
    }


def test_an_interface_of_which_one_class_publishes(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        bus="""
            import redis
            from abc import ABC, abstractmethod

            class Bus(ABC):
                @abstractmethod
                def announce(self, name): ...

                def close(self):
                    print("closed")

            class RedisBus(Bus):
                def __init__(self):
                    self.client = redis.Redis()

                def announce(self, name):
                    self.client.publish(name, 1)

            class Quiet(Bus):
                def announce(self, name):
                    print(name)
        """,
        use="""
            from bus import Bus

            def place(bus: Bus):
                bus.announce("orders")
                bus.close()
        """,
    )
    assert found == {("publish", "orders", "use.py", 4)}


def test_a_library_in_its_own_repository_calls_its_decorated_functions(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        homeassistant____init__="",
        homeassistant__core="def callback(function): return function\n",
        homeassistant__helpers____init__="",
        homeassistant__helpers__dispatcher="""
            from homeassistant.core import callback

            @callback
            def async_dispatcher_send(hass, signal, *args):
                hass.data[signal](*args)
        """,
        homeassistant__bootstrap="""
            from .helpers.dispatcher import async_dispatcher_send

            def dispatch(hass):
                async_dispatcher_send(hass, "started", 1)
        """,
    )
    assert found == {("publish", "started", "homeassistant/bootstrap.py", 4)}


def test_what_a_library_s_call_gives_names_no_event(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            import json
            from homeassistant.helpers.dispatcher import async_dispatcher_send

            def forward(hass, text):
                async_dispatcher_send(hass, json.loads(text).get, 1)
        """,
    )
    assert found == set()
