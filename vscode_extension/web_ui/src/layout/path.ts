/** An edge's points as an SVG path with rounded corners. */

import type { Point } from "./types";

const RADIUS = 7;

export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  rest.forEach((corner, at) => {
    const before = points[at];
    const after = rest[at + 1];
    if (!before || !after) {
      path += `L${corner.x} ${corner.y}`;
      return;
    }
    const start = towards(corner, before);
    const end = towards(corner, after);
    path += `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  });
  return path;
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** The nearest point in a direction, for the arrow keys: far along counts once, far aside twice. */
export function nearest<T extends Point>(from: Point, points: readonly T[], direction: "left" | "right" | "up" | "down"): T | undefined {
  const horizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  let found: T | undefined;
  let best = Infinity;
  for (const point of points) {
    const along = sign * (horizontal ? point.x - from.x : point.y - from.y);
    const aside = Math.abs(horizontal ? point.y - from.y : point.x - from.x);
    if (along <= 1) continue;
    const cost = along + 2 * aside;
    if (cost < best) [best, found] = [cost, point];
  }
  return found;
}
