/**
 * The layout that cannot fail: columns by distance from what nothing leads to. Plainer than ELK's, linear in time; it
 * stands in where ELK is cut off.
 */

import type { Placed, Point, Task } from "./types";

const GAP = { between: 90, beside: 24 };

export function placeInColumns({ boxes, lines, orientation }: Task): Placed {
  const column = columnsOf(
    boxes.map((box) => box.id),
    lines,
  );
  const groups: (typeof boxes)[] = [];
  for (const box of boxes) (groups[column.get(box.id) ?? 0] ??= []).push(box);

  const down = orientation === "down";
  const placed = new Map<string, Point>();
  const size = new Map(boxes.map((box) => [box.id, box]));
  let along = 0;
  for (const group of groups) {
    let across = 0;
    for (const box of group) {
      placed.set(box.id, down ? { x: across, y: along } : { x: along, y: across });
      across += (down ? box.width : box.height) + GAP.beside;
    }
    along += Math.max(...group.map((box) => (down ? box.height : box.width))) + GAP.between;
  }

  const end = (id: string, far: boolean): Point => {
    const [at, box] = [placed.get(id), size.get(id)];
    if (!at || !box) return { x: 0, y: 0 };
    return down ? { x: at.x + box.width / 2, y: at.y + (far ? box.height : 0) } : { x: at.x + (far ? box.width : 0), y: at.y + box.height / 2 };
  };
  return {
    boxes: placed,
    lines: new Map(
      lines.map((line) => {
        const [from, to] = [end(line.source, true), end(line.target, false)];
        const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
        const label = line.label ? { x: middle.x - line.label.width / 2, y: middle.y - line.label.height / 2 } : null;
        return [line.id, { points: [from, to], label }];
      }),
    ),
    by: "columns",
  };
}

/** Breadth first from all starts; a graph of cycles alone starts at its first node. */
function columnsOf(ids: string[], lines: Task["lines"]): Map<string, number> {
  const next = new Map<string, string[]>();
  const hasSource = new Set<string>();
  for (const { source, target } of lines) {
    next.set(source, [...(next.get(source) ?? []), target]);
    if (source !== target) hasSource.add(target);
  }
  const column = new Map<string, number>();
  const walk = (starts: string[]) => {
    for (const id of starts) column.set(id, 0);
    for (const id of starts)
      for (const target of next.get(id) ?? [])
        if (!column.has(target)) {
          column.set(target, (column.get(id) ?? 0) + 1);
          starts.push(target);
        }
  };
  walk(ids.filter((id) => !hasSource.has(id)));
  for (const id of ids) if (!column.has(id)) walk([id]);
  return dense(ids, column);
}

/** No column stays empty. */
function dense(ids: string[], column: Map<string, number>): Map<string, number> {
  const used = [...new Set(column.values())].sort((a, b) => a - b);
  return new Map(ids.map((id) => [id, used.indexOf(column.get(id) ?? 0)]));
}
