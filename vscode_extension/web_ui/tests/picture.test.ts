import { describe, expect, test } from "vitest";
import { generate } from "../fixtures/generate.mjs";
import { shop } from "../fixtures/shop.mjs";
import { indexGraph, type Index } from "../src/graph/index";
import { edgeLimit, eventId, FIRST_LIMIT, FIRST_SERVICES, LIMIT, makePicture, nodeName, serviceId, sideKey, type Picture, type PictureOptions } from "../src/graph/picture";

const index = indexGraph(shop);
const services: PictureOptions = { focus: { kind: "services" }, depth: 2, direction: "both", shown: new Map() };
const event = (id: string, change: Partial<PictureOptions> = {}): PictureOptions => ({ ...services, focus: { kind: "event", id }, ...change });

const draw = (options: PictureOptions, of: Index = index) => makePicture(of, options);
const names = (picture: Picture) => picture.nodes.map(nodeName);
const arrows = (picture: Picture) => {
  const name = new Map(picture.nodes.map((node) => [node.id, nodeName(node)]));
  return picture.edges.map((edge) => `${name.get(edge.source) ?? "?"} > ${name.get(edge.target) ?? "?"}${edge.label && ` (${edge.label})`}`);
};

describe("services", () => {
  test("open closed, edges count the events between them", () => {
    const picture = draw(services);
    expect(names(picture).sort()).toEqual(["audit", "mail", "orders", "payments", "shipping", "stock"]);
    expect(arrows(picture)).toContain("payments > orders (1 event)");
    expect(arrows(picture)).toContain("orders > audit (3 events)");
    expect(picture.hiddenEvents).toBe(shop.events.length);
  });

  test("an open service shows its events between itself and the others", () => {
    const picture = draw({ ...services, shown: new Map([[serviceId("payments"), 16]]) });
    expect(names(picture)).toContain("PaymentSucceeded");
    expect(arrows(picture)).toContain("payments > PaymentSucceeded");
    expect(arrows(picture)).toContain("PaymentSucceeded > shipping");
    // Published and handled inside: no edge back.
    expect(arrows(picture)).not.toContain("PaymentFailed > payments");
    expect(arrows(picture)).toContain("PaymentFailed > orders");
  });

  test("an open event stands with its sites and what they lead to", () => {
    const shown = new Map([[serviceId("payments"), 16], [sideKey("bus:PaymentSucceeded", "in"), 8], [sideKey("bus:PaymentSucceeded", "out"), 8]]);
    const picture = draw({ ...services, shown });
    expect(arrows(picture)).toContain("charge_card > PaymentSucceeded");
    expect(arrows(picture)).toContain("ship_parcel > ParcelShipped");
    expect(arrows(picture)).not.toContain("PaymentSucceeded > shipping");
  });
});

describe("one event", () => {
  test("two steps up and down", () => {
    const picture = draw(event("bus:StockReserved"));
    expect(names(picture)).toEqual(expect.arrayContaining(["checkout", "OrderPlaced", "reserve_stock", "StockReserved", "CheckoutSaga.ask_for_payment", "PaymentRequested", "charge_card", "PaymentSucceeded"]));
    expect(names(picture)).not.toContain("ship_parcel");
    expect(arrows(picture)).toContain("reserve_stock > StockReserved");
  });

  test("direction and depth", () => {
    const down = names(draw(event("bus:StockReserved", { direction: "downstream", depth: 1 })));
    expect(down).toEqual(["StockReserved", "PaymentRequested", "CheckoutSaga.ask_for_payment"]);
    const up = names(draw(event("bus:StockReserved", { direction: "upstream", depth: 1 })));
    expect(up).toEqual(["StockReserved", "OrderPlaced", "reserve_stock"]);
  });

  test("what is kept back is counted on its side", () => {
    const node = draw(event("bus:StockReserved", { depth: 1 })).nodes.find((node) => node.id === eventId("bus:OrderPlaced"));
    // Drawn: reserve_stock, which leads here. Kept back: confirm_by_mail and the link to OrderEvent; two publishers.
    expect(node).toMatchObject({ moreOut: 2, moreIn: 2 });
  });

  test("closing hides what the event brought", () => {
    const shown = new Map([[sideKey("bus:StockReserved", "out"), 0]]);
    expect(names(draw(event("bus:StockReserved", { shown })))).not.toContain("PaymentRequested");
  });

  test("a cycle ends", () => {
    const picture = draw(event("bus:PaymentFailed", { depth: 6 }));
    expect(arrows(picture)).toContain("retry_payment > PaymentRequested");
  });

  test("an event that is not there draws nothing", () => {
    expect(draw(event("bus:Nothing")).nodes).toEqual([]);
  });
});

describe("limits", () => {
  const large = indexGraph(generate({ events: 2000 }));

  test("never more than the limit, whatever is opened", () => {
    const shown = new Map([...large.services.keys()].map((key) => [serviceId(key), 1000] as const));
    const picture = draw({ ...services, shown }, large);
    expect(picture.nodes.length).toBe(LIMIT);
    expect(picture.full).toBe(true);
  });

  test("services never make a hairball: the strongest edges stay, and each service has one", () => {
    const picture = draw(services, large);
    expect(picture.edges.length).toBe(edgeLimit(FIRST_SERVICES));
    expect(picture.hiddenEdges).toBeGreaterThan(20);
    const joined = new Set(picture.edges.flatMap((edge) => [edge.source, edge.target]));
    expect(picture.nodes.every((node) => joined.has(node.id))).toBe(true);
  });

  test("a first neighbourhood stays legible, then grows on demand", () => {
    for (const id of [...large.events.keys()].slice(0, 100)) {
      const first = draw(event(id, { depth: 6 }), large);
      expect(first.nodes.length).toBeLessThanOrEqual(FIRST_LIMIT);
      expect(first.full).toBe(false);
    }
  });

  test("every edge joins two drawn nodes, and ids are unique", () => {
    const shown = new Map([...large.events.keys()].slice(0, 300).map((id) => [sideKey(id, "out"), 8] as const));
    for (const picture of [draw({ ...services, shown }, large), draw(event([...large.events.keys()][3] ?? "", { shown }), large)]) {
      const ids = new Set(picture.nodes.map((node) => node.id));
      expect(ids.size).toBe(picture.nodes.length);
      expect(picture.edges.every((edge) => ids.has(edge.source) && ids.has(edge.target))).toBe(true);
      expect(new Set(picture.edges.map((edge) => edge.id)).size).toBe(picture.edges.length);
    }
  });
});
