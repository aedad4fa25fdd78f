import { describe, expect, test } from "vitest";
import { generate } from "../fixtures/generate.mjs";
import { shop } from "../fixtures/shop.mjs";
import { indexGraph } from "../src/graph/index";
import { makePicture, serviceId } from "../src/graph/picture";
import { placeInColumns } from "../src/layout/columns";
import { pageEngine } from "../src/layout/elkEngine";
import { Layouter } from "../src/layout/layout";
import { nearest, roundedPath } from "../src/layout/path";
import type { Placed, Task } from "../src/layout/types";

const noWorker = () => Promise.reject(new Error("blocked"));

function task(graph = shop, open: string[] = []): Task {
  const index = indexGraph(graph);
  const shown = new Map(open.map((key) => [serviceId(key), 1000]));
  const picture = makePicture(index, { focus: { kind: "services" }, depth: 2, direction: "both", shown });
  return {
    boxes: picture.nodes.map((node) => ({ id: node.id, width: 160, height: 60 })),
    lines: picture.edges.map((edge) => ({ id: edge.id, source: edge.source, target: edge.target, label: edge.label ? { width: 50, height: 16 } : null })),
    orientation: "right",
  };
}

function overlaps({ boxes }: Placed, { boxes: sizes }: Task): number {
  const all = sizes.map((box) => ({ ...box, ...(boxes.get(box.id) ?? { x: NaN, y: NaN }) }));
  return all.flatMap((a, at) => all.slice(at + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)).length;
}

describe("columns", () => {
  test("places every box once, none over another, also in cycles", () => {
    for (const orientation of ["right", "down"] as const) {
      const work = { ...task(generate({ events: 300 }), ["orders", "payments", "stocks"]), orientation };
      const placed = placeInColumns(work);
      expect(placed.boxes.size).toBe(work.boxes.length);
      expect(overlaps(placed, work)).toBe(0);
    }
  });
});

describe("boxes without a line", () => {
  const box = (id: string) => ({ id, width: 160, height: 60 });
  const line = (source: string, target: string) => ({ id: source + target, source, target, label: null });
  const flow = { boxes: ["a", "b", "c"].map(box), lines: [line("a", "b"), line("b", "c")] };
  const place = (count: number, joined = flow) => {
    const lone = Array.from({ length: count }, (_, at) => box(`lone${at}`));
    const work: Task = { boxes: [...lone, ...joined.boxes], lines: joined.lines, orientation: "right" };
    return new Layouter(noWorker).place(work).then((placed) => ({ placed, work }));
  };
  test("stand below the flow and make it no wider", async () => {
    const { placed, work } = await place(12);
    expect(overlaps(placed, work)).toBe(0);
    const at = (id: string) => placed.boxes.get(id) ?? { x: NaN, y: NaN };
    const [right, bottom] = [Math.max(...flow.boxes.map((b) => at(b.id).x)), Math.max(...flow.boxes.map((b) => at(b.id).y + b.height))];
    for (let n = 0; n < 12; n++) {
      expect(at(`lone${n}`).y).toBeGreaterThan(bottom);
      expect(at(`lone${n}`).x).toBeLessThanOrEqual(right);
    }
  });
  test("alone fill a block about as wide as a screen", async () => {
    const { placed, work } = await place(24, { boxes: [], lines: [] });
    expect(overlaps(placed, work)).toBe(0);
    const columns = new Set([...placed.boxes.values()].map(({ x }) => x)).size;
    expect(columns).toBeGreaterThan(2);
    expect(columns).toBeLessThan(8);
  });
});

describe("layouter", () => {
  test("without a worker ELK runs on the page", async () => {
    const work = task();
    const placed = await new Layouter(noWorker).place(work);
    expect(placed.by).toBe("page");
    expect(overlaps(placed, work)).toBe(0);
    expect([...placed.lines.values()].every((line) => line.points.length >= 2)).toBe(true);
  });
  test("but never on a large picture", async () => {
    const work = task(generate({ events: 2000 }), ["orders", "payments", "stocks", "baskets", "refunds"]);
    expect((await new Layouter(noWorker).place(work)).by).toBe("columns");
  });
  test("a worker that never answers is ended and replaced", async () => {
    let closed = 0;
    let made = 0;
    const deaf = () => {
      made++;
      return Promise.resolve({ layout: () => new Promise<never>(() => undefined), close: () => closed++ });
    };
    const layouter = new Layouter(deaf, 10);
    expect((await layouter.place(task())).by).toBe("columns");
    expect((await layouter.place(task())).by).toBe("columns");
    expect([made, closed]).toEqual([2, 2]);
  });
  test("a worker's answer is taken", async () => {
    expect((await new Layouter(() => Promise.resolve(pageEngine())).place(task())).by).toBe("worker");
  });
});

describe("paths", () => {
  test("corners are rounded, no further than half the way", () => {
    expect(roundedPath([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 40 }])).toBe("M0 0L5 0Q10 0 10 7L10 40");
    expect(roundedPath([])).toBe("");
  });
  test("the arrow keys go to what lies nearest in their direction", () => {
    const points = [{ x: 0, y: 0, id: "here" }, { x: 100, y: 5, id: "right" }, { x: 90, y: 90, id: "aside" }, { x: 0, y: 80, id: "below" }];
    expect(nearest({ x: 0, y: 0 }, points, "right")?.id).toBe("right");
    expect(nearest({ x: 0, y: 0 }, points, "down")?.id).toBe("below");
    expect(nearest({ x: 0, y: 0 }, points, "left")).toBeUndefined();
  });
});
