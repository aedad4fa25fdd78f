"""Calls that consume without a handler: the messages that a loop, or a method of the receiver, gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.fields.workspace import handlers

CONSUMERS: dict[str, str] = {
    "aiokafka": """
        from aiokafka import AIOKafkaConsumer

        async def main():
            consumer = AIOKafkaConsumer("orders")
            await consumer.start()
            async for msg in consumer:
                print(msg.value["total"], msg.topic)
    """,
    "aiokafka, one by one": """
        from aiokafka import AIOKafkaConsumer

        async def main():
            consumer = AIOKafkaConsumer("orders")
            while True:
                msg = await consumer.getone()
                print(msg.value["total"], msg.offset)
    """,
    "aiokafka, in batches": """
        import json
        from aiokafka import AIOKafkaConsumer

        async def main():
            consumer = AIOKafkaConsumer("orders")
            for partition, messages in (await consumer.getmany()).items():
                for msg in messages:
                    order = json.loads(msg.value)
                    print(order["total"], partition)
    """,
    "kafka-python": """
        from kafka import KafkaConsumer

        consumer = KafkaConsumer("orders")
        for msg in consumer:
            print(msg.value["total"], msg.key)
    """,
    "kafka-python, held by an object": """
        from kafka import KafkaConsumer

        class Worker:
            def __init__(self):
                self.consumer = KafkaConsumer("orders")

            def run(self):
                for msg in self.consumer:
                    self.handle(msg)

            def handle(self, msg):
                print(msg.value["total"])
    """,
    "confluent-kafka": """
        import json
        from confluent_kafka import Consumer

        def main():
            consumer = Consumer({})
            consumer.subscribe(["orders"])
            while True:
                msg = consumer.poll(1.0)
                if msg is None or msg.error():
                    continue
                order = json.loads(msg.value().decode("utf-8"))
                print(order["total"], msg.topic())
    """,
    "confluent-kafka, held by an object": """
        import json
        from confluent_kafka import Consumer

        class Worker:
            def __init__(self):
                self._consumer = Consumer({})
                self._consumer.subscribe(["orders"])

            def run(self):
                msg = self._consumer.poll()
                self.handle(json.loads(msg.value()))

            def handle(self, order):
                print(order["total"])
    """,
    "redis, listening": """
        import json
        import redis

        def main():
            pubsub = redis.Redis().pubsub()
            pubsub.subscribe("orders")
            for message in pubsub.listen():
                if message["type"] == "message":
                    print(json.loads(message["data"])["total"], message["channel"])
    """,
    "redis, polling": """
        import json
        import redis

        def main():
            pubsub = redis.Redis().pubsub()
            pubsub.subscribe("orders")
            message = pubsub.get_message()
            if message:
                print(json.loads(message["data"])["total"])
    """,
    "redis, a stream": """
        import redis

        def main():
            r = redis.Redis()
            for stream, entries in r.xread({"orders": "$"}, block=0):
                for entry_id, fields in entries:
                    print(entry_id, fields["total"])
    """,
    "pika": """
        import json
        import pika

        def main():
            channel = pika.BlockingConnection().channel()
            for method, properties, body in channel.consume("orders"):
                print(json.loads(body)["total"], method.delivery_tag)
    """,
    "aio-pika": """
        import json
        import aio_pika

        async def main():
            connection = await aio_pika.connect_robust()
            channel = await connection.channel()
            queue = await channel.declare_queue("orders")
            async with queue.iterator() as messages:
                async for message in messages:
                    async with message.process():
                        print(json.loads(message.body.decode())["total"], message.routing_key)
    """,
    "nats": """
        import json
        import nats

        async def main():
            nc = await nats.connect()
            sub = await nc.subscribe("orders")
            async for msg in sub.messages:
                print(json.loads(msg.data)["total"], msg.subject)
    """,
    "nats, the next one": """
        import json
        import nats

        async def main():
            nc = await nats.connect()
            sub = await nc.subscribe("orders")
            msg = await sub.next_msg()
            print(json.loads(msg.data)["total"])
    """,
    "SQS": """
        import json
        import boto3

        def main():
            sqs = boto3.client("sqs")
            answer = sqs.receive_message(QueueUrl="https://x/1/orders")
            for message in answer.get("Messages", []):
                print(json.loads(message["Body"])["total"], message["MessageId"])
    """,
    "SQS, as a resource": """
        import json
        import boto3

        def main():
            queue = boto3.resource("sqs").get_queue_by_name(QueueName="orders")
            for message in queue.receive_messages():
                print(json.loads(message.body)["total"])
                message.delete()
    """,
    "Pub/Sub, pulling": """
        import json
        from google.cloud import pubsub_v1

        def main():
            subscriber = pubsub_v1.SubscriberClient()
            response = subscriber.pull(subscription="projects/p/subscriptions/orders")
            for received in response.received_messages:
                print(json.loads(received.message.data)["total"], received.ack_id)
    """,
    "kombu": """
        from kombu import Connection

        def main():
            with Connection("amqp://") as connection:
                queue = connection.SimpleQueue("orders")
                message = queue.get()
                print(message.payload["total"], message.headers)
    """,
}

CALLBACKS: dict[str, str] = {
    "pika": """
        import json
        import pika

        def on_order(ch, method, properties, body):
            print(json.loads(body)["total"], method.delivery_tag)
            ch.basic_ack(method.delivery_tag)

        channel = pika.BlockingConnection().channel()
        channel.basic_consume("orders", on_message_callback=on_order)
    """,
    "aio-pika": """
        import json
        import aio_pika

        async def on_order(message: aio_pika.abc.AbstractIncomingMessage):
            async with message.process():
                print(json.loads(message.body)["total"], message.routing_key)

        async def main(queue: aio_pika.abc.AbstractQueue):
            channel = await (await aio_pika.connect()).channel()
            queue = await channel.declare_queue("orders")
            await queue.consume(on_order)
    """,
    "Pub/Sub": """
        import json
        from google.cloud import pubsub_v1

        def on_order(message):
            print(json.loads(message.data)["total"], message.attributes["trace"])
            message.ack()

        pubsub_v1.SubscriberClient().subscribe("projects/p/subscriptions/orders", callback=on_order)
    """,
    "Faust, with keys": """
        import faust

        app = faust.App("shop")

        @app.agent(app.topic("orders"))
        async def on_order(stream):
            async for key, order in stream.items():
                print(key, order.total)
    """,
    "Faust, as events": """
        import faust

        app = faust.App("shop")

        @app.agent(app.topic("orders"))
        async def on_order(stream):
            async for event in stream.events():
                print(event.value.total, event.headers)
    """,
    "Faust, in batches": """
        import faust

        app = faust.App("shop")

        @app.agent(app.topic("orders"))
        async def on_order(stream):
            async for orders in stream.take(10, within=5):
                for order in orders:
                    print(order.total)
    """,
    "arq": """
        import arq

        async def on_order(ctx, total):
            print(ctx["redis"], total)

        class WorkerSettings:
            functions = [on_order]
    """,
    "our own bus": """
        from pubsub_devtools import event_handler

        @event_handler("Ordered")
        def on_order(event):
            print(event.total)
    """,
}


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_consumer(tmp_path: Path, name: str) -> None:
    found = handlers(tmp_path, {"app.py": CONSUMERS[name]})
    assert [fields for fields, _ in found.values()] == ["total"]


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_callback(tmp_path: Path, name: str) -> None:
    found = handlers(tmp_path, {"app.py": CALLBACKS[name]})
    assert [fields for fields, _ in found.values()] == ["total"]
    assert found["on_order"][1] == ()
