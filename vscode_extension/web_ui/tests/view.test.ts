import { describe, expect, test } from "vitest";
import { shop } from "../fixtures/shop.mjs";
import { eventId, serviceId, sideKey } from "../src/graph/picture";
import { findHost } from "../src/host";
import { initialView, reduce } from "../src/view";

const start = initialView(shop, {});

describe("first view", () => {
  test("services, when nothing is asked for", () => {
    expect(start).toMatchObject({ focus: { kind: "services" }, depth: 2, direction: "both", selected: null });
  });
  test("an event by alias, with depth and direction", () => {
    const view = initialView(shop, { event: "shop.events.OrderPlaced", depth: 99, direction: "upstream" });
    expect(view).toMatchObject({ focus: { kind: "event", id: "bus:OrderPlaced" }, depth: 6, direction: "upstream", trail: [], notice: "" });
  });
  test("a service is opened", () => {
    expect(initialView(shop, { service: "mail" }).shown.get(serviceId("mail"))).toBeGreaterThan(0);
  });
  test("what is not there is said", () => {
    expect(initialView(shop, { event: "Nope" })).toMatchObject({ focus: { kind: "services" }, query: "Nope", notice: expect.stringContaining("no one event") as string });
    expect(initialView(shop, { service: "nope" }).notice).toMatch(/no service/);
  });
  test("nonsense counts as no wish", () => {
    expect(initialView(shop, { depth: NaN, direction: "sideways" })).toMatchObject({ depth: 2, direction: "both" });
  });
});

describe("actions", () => {
  const event = reduce(start, { type: "focus", focus: { kind: "event", id: "bus:OrderPlaced" } });
  test("back leads where one came from", () => {
    const further = reduce(event, { type: "focus", focus: { kind: "event", id: "bus:PaymentFailed" } });
    const back = reduce(further, { type: "back" });
    expect(back.focus).toEqual(event.focus);
    expect(reduce(reduce(back, { type: "back" }), { type: "back" }).focus).toEqual({ kind: "services" });
  });
  test("the same place twice is one step", () => {
    expect(reduce(event, { type: "focus", focus: { kind: "event", id: "bus:OrderPlaced" } }).trail).toHaveLength(1);
  });
  test("opening holds the node still and closing keeps it closed", () => {
    const open = reduce(event, { type: "openEvent", id: "bus:StockReserved" });
    expect(open.anchor).toBe(eventId("bus:StockReserved"));
    expect(reduce(open, { type: "closeEvent", id: "bus:StockReserved" }).shown.get(sideKey("bus:StockReserved", "out"))).toBe(0);
  });
  test("another depth forgets what was opened", () => {
    expect(reduce(reduce(event, { type: "openEvent", id: "bus:StockReserved" }), { type: "depth", depth: 3 }).shown.size).toBe(0);
  });
});

describe("host", () => {
  const place = { path: "a.py", line: 1, column: 0, end_line: 1, end_column: 1 };
  test("an injected host is told what to open", () => {
    const sent: unknown[] = [];
    findHost({ pubsubHost: { postMessage: (message) => sent.push(message) } })?.open(place);
    expect(sent).toEqual([{ type: "open", place }]);
  });
  test("none stands alone", () => {
    expect(findHost({})).toBeNull();
  });
});
