"""W3C Trace Context on every envelope, and spans with and without OpenTelemetry."""

import asyncio
import subprocess
import sys
import threading
from contextvars import copy_context

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools import Envelope, EventBus, current_context, event_handler, tracer
from pubsub_devtools.tracing import TraceContext, parse_traceparent, parse_tracestate
from pubsub_devtools.tracing.opentelemetry import load

from .events import Ping, Pong

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
hexadecimal = st.text("0123456789abcdef", min_size=32, max_size=32).filter(lambda text: text.strip("0"))


@given(
    hexadecimal,
    hexadecimal.map(lambda text: text[:16]).filter(lambda text: text.strip("0")),
    st.integers(0, 1),
)
def test_what_is_written_is_read(trace_id, span_id, flags):
    context = TraceContext(trace_id, span_id, flags)
    assert parse_traceparent(context.traceparent) == context


@given(st.text(max_size=80) | st.text("0123456789abcdef-", min_size=50, max_size=60))
def test_any_text_is_read_or_refused(text):
    context = parse_traceparent(text)
    assert context is None or len(context.trace_id) == 32
    assert len(parse_tracestate(text)) <= len(text)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01more",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_a_malformed_traceparent_begins_a_new_trace(header):
    assert parse_traceparent(header) is None


def test_a_later_version_is_read_as_far_as_it_is_like_ours():
    assert parse_traceparent(f"cc-{TRACE}-{SPAN}-09-what-comes") == TraceContext(TRACE, SPAN, 1)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("a=1, b=2\t,,c=3 ", "a=1,b=2,c=3"),
        ("tenant@system=x", "tenant@system=x"),
        ("A=1", ""),
        ("a=", ""),
        ("a=1,a=2", ""),
        ("a=b=c", ""),
        (",".join(f"k{n}=v" for n in range(32)), ",".join(f"k{n}=v" for n in range(32))),
        (",".join(f"k{n}=v" for n in range(33)), ""),
    ],
)
def test_a_tracestate_is_kept_whole_or_left_out(header, read):
    assert parse_tracestate(header) == read


def chain(bus, seen):
    @event_handler(Ping)
    def forward(event, envelope: Envelope):
        seen.append(envelope)
        if event.number:
            bus.publish(Ping(event.number - 1))

    bus.include(forward)
    return bus


def test_a_chain_is_one_trace_and_each_event_has_its_own_place_in_it():
    seen = []
    bus = chain(EventBus(), seen)
    bus.publish(Ping(2))
    bus.publish(Ping(0))
    traces = [parse_traceparent(envelope.traceparent) for envelope in seen]
    assert len({trace.trace_id for trace in traces[:3]}) == 1
    assert traces[3].trace_id != traces[0].trace_id
    assert len({trace.span_id for trace in traces}) == 4


@pytest.mark.parametrize("awaited", [False, True])
def test_a_delivered_event_keeps_its_envelope_and_what_follows_belongs_to_its_chain(awaited):
    first, seen = [], []
    chain(EventBus(source="shop"), first).publish(Ping(1), key="k", headers={"tenant": "t"})
    sent = msgspec.structs.replace(first[0], traceparent=f"00-{TRACE}-{SPAN}-00", tracestate="vendor=1")
    bus = chain(EventBus(source="mail"), seen)
    if awaited:
        asyncio.run(bus.deliver_async(Ping(1), sent))
    else:
        bus.deliver(Ping(1), sent)
    received, followed = seen
    assert received == sent
    assert followed.correlation_id == sent.correlation_id
    trace = parse_traceparent(followed.traceparent)
    assert (trace.trace_id, trace.flags, followed.tracestate) == (TRACE, 0, "vendor=1")
    assert trace.span_id != SPAN
    assert followed.source == "mail"


def test_a_span_is_the_parent_of_what_is_published_in_it_in_tasks_and_threads_too():
    bus, seen = EventBus(), []
    bus.include(event_handler(Ping)(lambda event: seen.append(current_context().traceparent)))

    async def main():
        with tracer.span("outer") as outer:
            with tracer.span("inner", attributes={"step": 1}) as inner:
                inner.set_attribute("more", True)
                bus.publish(Ping())
                await asyncio.create_task(bus.publish_async(Ping()))
                await asyncio.to_thread(bus.publish, Ping())
                thread = threading.Thread(target=copy_context().run, args=(bus.publish, Ping()))
                thread.start()
                thread.join()
            bus.publish(Ping())
        bus.publish(Ping())
        return outer.trace, inner.trace

    outer, inner = asyncio.run(main())
    assert seen[:5] == [inner.traceparent] * 4 + [outer.traceparent]
    assert outer.trace_id == inner.trace_id != seen[5][3:35]


def test_a_span_in_a_handler_lies_in_the_trace_of_its_event_and_in_its_chain():
    bus, seen = EventBus(), []

    @event_handler(Ping)
    def forward(event, envelope: Envelope):
        with tracer.span("step") as span:
            assert current_context() == envelope
            bus.publish(Pong())
        seen.append((envelope, span.trace))

    @event_handler(Pong)
    def hears(event, envelope: Envelope):
        seen.append(envelope)

    bus.include(forward, hears)
    ping = Ping()
    bus.publish(ping)
    pong, (envelope, span) = seen
    assert pong.traceparent == span.traceparent
    assert span.trace_id == parse_traceparent(envelope.traceparent).trace_id
    assert (pong.correlation_id, pong.causation_id) == (ping.id, ping.id)


def test_nobody_loads_opentelemetry_or_asyncio_who_does_not_use_it():
    code = (
        "import sys\nfrom pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler\n"
        "class Ping(BaseEvent): ...\nbus = EventBus()\nseen = []\n"
        "def on_ping(event, envelope: Envelope): seen.append(envelope.traceparent)\n"
        "bus.include(event_handler(Ping)(on_ping))\nbus.publish(Ping())\n"
        "assert seen[0]\nassert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
        "assert 'asyncio' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_two_handlers_that_look_at_once_agree_on_the_trace():
    bus, seen = EventBus(), []

    @event_handler(Ping)
    def looks(event):
        context = copy_context()
        both = threading.Barrier(2)

        def look():
            both.wait()
            seen.append(current_context().traceparent)

        threads = [
            threading.Thread(target=copy.run, args=(look,)) for copy in (context.copy(), context.copy())
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    bus.include(looks)
    for _ in range(50):
        bus.publish(Ping())
    assert all(one == other for one, other in zip(seen[::2], seen[1::2], strict=True))


@pytest.mark.skipif(load() is None, reason="OpenTelemetry is not installed")
def test_with_opentelemetry_spans_are_recorded_and_foreign_spans_are_heard():
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    bus, seen = EventBus(), []

    @event_handler(Ping)
    def hears(event, envelope: Envelope):
        with tracer.span("handle") as span:
            seen.append((envelope, span.trace))

    bus.include(hears)
    with trace.get_tracer("web").start_as_current_span("request") as request:
        bus.publish(Ping())
    received = msgspec.structs.replace(seen[0][0], traceparent=f"00-{TRACE}-{SPAN}-01")
    with trace.get_tracer("web").start_as_current_span("poll"):
        bus.deliver(Ping(), received)
    spans = {(span.name, span.context.trace_id): span for span in exporter.get_finished_spans()}
    own = request.get_span_context()
    assert seen[0][0].traceparent == f"00-{own.trace_id:032x}-{own.span_id:016x}-01"
    assert spans["handle", own.trace_id].parent.span_id == own.span_id
    assert spans["handle", int(TRACE, 16)].parent.span_id == int(SPAN, 16)
