"""A shop written by hand as a graph: about fifteen events with a cycle, likely sites, tests, wildcards and links.

orders.OrderPlaced -> billing.on_order_placed -> PaymentTaken -> shipping -> ParcelSent -> mail (wildcard orders.*)
OrderPlaced -> stock.reserve -> StockReserved | StockMissing -> orders.on_missing -> OrderChanged -> stock.reserve (cycle)
"""

from __future__ import annotations

from pubsub_devtools.model import (
    Certainty,
    Coverage,
    Event,
    EventGraph,
    Evidence,
    Field,
    Flow,
    Kind,
    Link,
    Options,
    Place,
    Problem,
    Saga,
    SchemaVersion,
    Service,
    Site,
    Step,
    Unnamed,
)


def place(path: str, line: int, width: int = 20) -> Place:
    return Place(path, line, 4, line, 4 + width)


def site(
    kind: Kind,
    event: str,
    symbol: str,
    where: str,
    *,
    dialect: str = "pubsub_devtools",
    certainty: Certainty = "sure",
    in_tests: bool = False,
    options: Options | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Site:
    """A site named by what it is: ``publish:orders/api.py:12``."""
    path, _, line = where.partition(":")
    service = "" if in_tests else path.split("/")[0]
    return Site(
        id=f"{kind}:{where}:{event}",
        kind=kind,
        event=event,
        dialect=dialect,
        symbol=symbol,
        place=place(path, int(line)),
        certainty=certainty,
        reason="literal" if certainty == "sure" else "receiver-name",
        service=service,
        in_tests=in_tests,
        options=options or Options(),
        evidence=evidence,
    )


def event(name: str, transport: str = "bus", **more: object) -> Event:
    dialect = {"bus": "pubsub_devtools", "kafka": "aiokafka", "django": "django_signal"}[transport]
    return Event(f"{transport}:{name}", name, transport, (dialect,), **more)  # type: ignore[arg-type]


PLACED = "bus:orders.OrderPlaced"
CHANGED = "bus:orders.OrderChanged"
PAID = "bus:billing.PaymentTaken"
REFUSED = "bus:billing.PaymentRefused"
RESERVED = "bus:stock.StockReserved"
MISSING = "bus:stock.StockMissing"
SENT = "bus:shipping.ParcelSent"
MAILED = "bus:mail.MailSent"
ANY_ORDER = "bus:orders.*"
AUDIT = "kafka:audit"
STOCK_TOPIC = "kafka:stock"
SAVED = "django:post_save"

_EVENTS = (
    event(
        "orders.OrderPlaced",
        doc="A customer placed an order.",
        aliases=("shop.events.OrderPlaced",),
        delivery="at-least-once",
        schemas=(
            SchemaVersion(
                "OrderPlaced",
                place("orders/events.py", 8),
                "1.0.0",
                (
                    Field("order_id", "str"),
                    Field("total", "Decimal"),
                    Field("coupon", "str | None", False, "None"),
                ),
                "A customer placed an order.",
            ),
        ),
    ),
    event("orders.OrderChanged"),
    event("orders.OrderCancelled"),
    event("billing.PaymentTaken"),
    event("billing.PaymentRefused"),
    event("billing.InvoiceReady"),
    event("stock.StockReserved"),
    event("stock.StockMissing"),
    event("shipping.ParcelSent"),
    event("mail.MailSent"),
    event("orders.*", pattern=True),
    event("audit", "kafka", delivery="at-least-once"),
    event("stock", "kafka", delivery="at-least-once"),
    event("post_save", "django", origin="builtin"),
    event("orders.Drafted", aliases=("shop.events.Drafted",)),
)

_RESERVE = site("handle", PLACED, "reserve", "stock/handlers.py:10", options=Options(retries="3"))
_RESERVE_AGAIN = site("handle", CHANGED, "reserve", "stock/handlers.py:10")
_TAKE = site(
    "handle",
    PLACED,
    "Billing.on_order_placed",
    "billing/handlers.py:14",
    evidence=(Evidence("registered by the decorator", place("billing/handlers.py", 13)),),
)
_SHIP = site("handle", PAID, "on_payment", "shipping/handlers.py:9")
_MAIL_ANY = site("handle", ANY_ORDER, "on_any_order", "mail/handlers.py:7")
_MAIL_SENT = site("handle", SENT, "on_parcel", "mail/handlers.py:15", certainty="likely")
_ON_MISSING = site("handle", MISSING, "on_missing", "orders/handlers.py:20")
_ON_REFUSED = site("handle", REFUSED, "on_refused", "orders/handlers.py:33")
_AUDIT = site("handle", AUDIT, "write_line", "audit/worker.py:5", dialect="aiokafka")
_SAVED = site("handle", SAVED, "index_product", "stock/signals.py:6", dialect="django_signal")

_PLACE = site("publish", PLACED, "place_order", "orders/api.py:12")
_IMPORT = site("publish", PLACED, "import_orders", "orders/importer.py:41", certainty="likely")
_PAY = site("publish", PAID, "Billing.on_order_placed", "billing/handlers.py:19")
_REFUSE = site("publish", REFUSED, "refuse", "billing/service.py:30")
_INVOICE = site("publish", "bus:billing.InvoiceReady", "make_invoice", "billing/service.py:44")
_RESERVED = site("publish", RESERVED, "reserve", "stock/handlers.py:16")
_MISSING = site("publish", MISSING, "reserve", "stock/handlers.py:18")
_CHANGE = site("publish", CHANGED, "on_missing", "orders/handlers.py:25")
_CANCEL = site("publish", "bus:orders.OrderCancelled", "on_refused", "orders/handlers.py:38")
_SEND = site("publish", SENT, "on_payment", "shipping/handlers.py:17")
_MAILED = site("publish", MAILED, "send", "mail/sender.py:11", certainty="likely")
_TO_AUDIT = site("publish", AUDIT, "on_any_order", "mail/handlers.py:11", dialect="aiokafka")
_TO_STOCK = site("publish", STOCK_TOPIC, "sync", "stock/sync.py:8", dialect="aiokafka", certainty="guess")

_TESTS = (
    site("publish", PLACED, "test_reserves", "tests/test_stock.py:9", in_tests=True),
    site("publish", PLACED, "test_bills", "tests/test_billing.py:9", in_tests=True),
    site("handle", PAID, "recorder", "tests/test_billing.py:21", in_tests=True),
)

_ORDER_EVENTS = (PLACED, CHANGED, "bus:orders.OrderCancelled")


def shop() -> EventGraph:
    """The shop's graph, sorted as the analysis sorts it."""
    sites = (
        *(
            _RESERVE,
            _RESERVE_AGAIN,
            _TAKE,
            _SHIP,
            _MAIL_ANY,
            _MAIL_SENT,
            _ON_MISSING,
            _ON_REFUSED,
            _AUDIT,
            _SAVED,
        ),
        *(_PLACE, _IMPORT, _PAY, _REFUSE, _INVOICE, _RESERVED, _MISSING, _CHANGE, _CANCEL, _SEND, _MAILED),
        *(_TO_AUDIT, _TO_STOCK),
        *_TESTS,
    )
    hop = Evidence("calls refuse()", place("billing/handlers.py", 23))
    flows = (
        *(
            Flow(handler.id, out.id)
            for handler in (_RESERVE, _RESERVE_AGAIN)
            for out in (_RESERVED, _MISSING)
        ),
        Flow(_TAKE.id, _PAY.id),
        Flow(_TAKE.id, _REFUSE.id, hops=(hop,)),
        Flow(_SHIP.id, _SEND.id),
        Flow(_MAIL_SENT.id, _MAILED.id, "likely", (Evidence("calls send()", place("mail/handlers.py", 18)),)),
        Flow(_ON_MISSING.id, _CHANGE.id),
        Flow(_ON_REFUSED.id, _CANCEL.id),
        Flow(_MAIL_ANY.id, _TO_AUDIT.id),
    )
    wild = Evidence("the pattern orders.* matches", place("mail/handlers.py", 6))
    links = tuple(Link(name, ANY_ORDER, "wildcard", "sure", (wild,)) for name in _ORDER_EVENTS)
    names = ("audit", "billing", "mail", "orders", "shipping", "stock")
    return EventGraph(
        root="shop",
        events=tuple(sorted(_EVENTS, key=lambda e: e.id)),
        sites=tuple(sorted(sites, key=lambda s: (s.place, s.kind, s.event))),
        links=tuple(sorted(links, key=lambda link: (link.source, link.target))),
        flows=tuple(sorted(flows, key=lambda flow: (flow.handler, flow.publisher))),
        sagas=(
            Saga(
                "PlaceOrder",
                "PlaceOrderSaga",
                place("orders/saga.py", 5),
                (
                    Step("reserve", place("orders/saga.py", 8), "release"),
                    Step("pay", place("orders/saga.py", 12)),
                ),
            ),
        ),
        services=tuple(Service(name, name) for name in names),
        unnamed=(
            Unnamed(
                "publish",
                "aiokafka",
                "relay",
                place("audit/relay.py", 14),
                "name comes from a parameter",
                "give the topic a default or a constant",
            ),
        ),
        problems=(
            Problem(
                "legacy/old.py", 3, "syntax", "the statement could not be read; the rest of the file was"
            ),
        ),
        coverage=Coverage(files=64, files_read=21, sites=27, named=26),
    )
