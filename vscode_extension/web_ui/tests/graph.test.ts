import { describe, expect, test } from "vitest";
import { generate } from "../fixtures/generate.mjs";
import { shop } from "../fixtures/shop.mjs";
import type { EventGraph } from "../src/generated/graph";
import { findCycles } from "../src/graph/cycles";
import { applyFilters, NO_FILTERS, type Filters } from "../src/graph/filter";
import { indexGraph, nextEvents, sagasOf } from "../src/graph/index";
import { load, loadView } from "../src/graph/load";
import { findMarks } from "../src/graph/marks";
import { findEvent, splitName } from "../src/graph/names";
import { buildSearch, search } from "../src/graph/search";

const index = indexGraph(shop);
const marks = findMarks(index);

describe("load", () => {
  test("a graph", () => {
    expect(load(JSON.stringify(shop))).toMatchObject({ kind: "graph", graph: { root: "shop" } });
  });
  test("a page without a graph", () => {
    expect(load("null")).toEqual({ kind: "absent" });
  });
  test("a graph without events", () => {
    const empty: EventGraph = { ...shop, events: [], sites: [] };
    expect(load(JSON.stringify(empty)).kind).toBe("empty");
  });
  test("another format, and none", () => {
    expect(load('{"format": 2}')).toEqual({ kind: "format", found: "2" });
    expect(load("{}")).toEqual({ kind: "format", found: "none" });
  });
  test("no JSON, and no graph", () => {
    expect(load('{"format": 1, ').kind).toBe("broken");
    expect(load("[]").kind).toBe("broken");
    expect(load('{"format": 1}')).toEqual({ kind: "broken", why: "“events” is not a list" });
  });
  test("a broken first view is none", () => {
    expect(loadView("{")).toEqual({});
    expect(loadView('{"event": "OrderPlaced"}')).toEqual({ event: "OrderPlaced" });
  });
});

describe("names", () => {
  test("only long dotted names are split", () => {
    expect(splitName("OrderPlaced")).toEqual({ prefix: "", tail: "OrderPlaced" });
    expect(splitName("shop.mail.tasks.send_confirmation")).toEqual({ prefix: "shop.mail.tasks.", tail: "send_confirmation" });
  });
  test("an event is found by id, name, alias or an ending that is its own", () => {
    expect(findEvent(shop.events, "bus:OrderPlaced")?.name).toBe("OrderPlaced");
    expect(findEvent(shop.events, "OrderPlaced")?.id).toBe("bus:OrderPlaced");
    expect(findEvent(shop.events, "events.OrderPlaced")?.id).toBe("bus:OrderPlaced");
    expect(findEvent(shop.events, "Placed")).toBeUndefined();
  });
});

describe("index", () => {
  test("tests stand apart until asked for", () => {
    expect(index.events.get("bus:OrderPlaced")).toMatchObject({ publishers: { length: 2 }, handlers: { length: 2 }, tests: { length: 2 } });
    expect(indexGraph(shop, { tests: true }).events.get("bus:OrderPlaced")).toMatchObject({ publishers: { length: 3 }, tests: { length: 2 } });
    expect(index.services.has("tests")).toBe(false);
  });
  test("what follows an event: its handlers' events and its links", () => {
    expect(nextEvents(index, "bus:OrderPlaced")).toEqual([
      "bus:StockReserved",
      "bus:StockRanLow",
      "celery:shop.mail.tasks.send_order_confirmation_to_customer",
      "bus:OrderEvent",
    ]);
  });
  test("a saga belongs to the events of its methods", () => {
    const entry = index.events.get("bus:PaymentFailed");
    expect(entry && sagasOf(index, entry).map((saga) => saga.name)).toEqual(["checkout"]);
  });
});

describe("marks", () => {
  test("dead ends, the never published, cycles", () => {
    expect(marks.of.get("bus:StockRanLow")).toEqual(["unhandled"]);
    expect(marks.of.get("bus:ReviewRequested")).toEqual(["unpublished"]);
    expect(marks.cycles.get("bus:PaymentFailed")).toEqual(["bus:PaymentRequested", "bus:PaymentFailed"]);
  });
  test("a link keeps both ends alive, and a framework's event needs no publisher", () => {
    for (const id of ["bus:OrderCompleted", "bus:OrderEvent", "nats:audit.orders", "nats:audit.*", "celery:worker_ready"])
      expect(marks.of.get(id)).toBeUndefined();
  });
  test("cycles: none, of itself, two that touch nothing", () => {
    const next: Record<string, string[]> = { a: ["b"], b: ["c", "e"], c: ["a"], d: ["d"], e: ["f"], f: [] };
    const cycles = findCycles(Object.keys(next), (id) => next[id] ?? []);
    expect([...cycles.keys()].sort()).toEqual(["a", "b", "c", "d"]);
    expect(cycles.get("b")).toEqual(["a", "b", "c"]);
  });
  test("a chain of 20,000 events does not overflow", () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => String(n));
    expect(findCycles(ids, (id) => [String((Number(id) + 1) % 20_000)]).size).toBe(20_000);
  });
});

describe("filters", () => {
  const filtered = (change: Partial<Filters>) => applyFilters(shop, marks, { ...NO_FILTERS, ...change });
  const names = (change: Partial<Filters>) => filtered(change).events.map((event) => event.name);

  test("without tests unless asked", () => {
    expect(filtered({}).sites.some((site) => site.in_tests)).toBe(false);
    expect(filtered({ tests: true }).sites.some((site) => site.in_tests)).toBe(true);
  });
  test("a service keeps both ends of its events", () => {
    expect(names({ service: "shipping" })).toEqual(["PaymentSucceeded", "ParcelShipped", "ParcelDelivered"]);
    expect(filtered({ service: "shipping" }).sites.some((site) => site.service === "mail" && site.event === "bus:ParcelShipped")).toBe(true);
  });
  test("certainty drops sites, and events that lose all", () => {
    expect(names({ certainty: "sure" })).not.toContain("audit.*");
    expect(names({})).toContain("audit.*");
  });
  test("marks, transports, dialects, built-in events", () => {
    expect(names({ mark: "unhandled" })).toEqual(["StockReleased", "StockRanLow"]);
    expect(names({ transport: "nats" })).toEqual(["audit.*", "audit.orders"]);
    expect(names({ dialect: "celery" })).toHaveLength(2);
    expect(names({ builtin: false })).not.toContain("worker_ready");
  });
});

describe("search", () => {
  const entries = buildSearch(index);
  const texts = (query: string) => search(entries, query).map((hit) => `${hit.kind} ${hit.text}`);

  test("whole names first, then beginnings", () => {
    expect(texts("orderplaced")[0]).toBe("event OrderPlaced");
    expect(texts("order").slice(0, 3)).toEqual(["service orders", "event OrderEvent", "event OrderPlaced"]);
  });
  test("handlers, files, services and sagas are found", () => {
    expect(texts("charge_card")).toContain("handler charge_card");
    expect(texts("warehouse.py")).toContain("file shop/stock/warehouse.py");
    expect(texts("stock")).toContain("service stock");
    expect(texts("checkout")).toContain("saga checkout");
  });
  test("an alias says that it is one", () => {
    expect(search(entries, "shop.events.OrderPlaced")[0]).toMatchObject({ text: "OrderPlaced", detail: "also shop.events.orderplaced" });
  });
  test("all words count, in any order; nothing gives nothing", () => {
    expect(texts("tasks mail")).toContain("file shop/mail/tasks.py");
    expect(texts("  ")).toEqual([]);
    expect(texts("zebra")).toEqual([]);
  });
  test("2,000 events are searched within a frame or two", () => {
    const large = buildSearch(indexGraph(generate({ events: 2000 })));
    const start = performance.now();
    expect(search(large, "order created").length).toBeGreaterThan(10);
    expect(performance.now() - start).toBeLessThan(250);
  });
});
