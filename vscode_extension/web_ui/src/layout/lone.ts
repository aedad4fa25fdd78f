/**
 * Boxes that no line leads to or from. They stand in rows below the flow, as wide as it is: a layout of their own would put
 * them first, or in one row that makes the whole picture too wide to be read.
 */

import type { Box, Placed, Point, Task } from "./types";

const GAP = { above: 56, between: 24 };
/** Where there is no flow to be as wide as: the sides of the block, as those of a screen. */
const ASPECT = 1.6;

export function apart(task: Task): { joined: Task; lone: Box[] } {
  const ends = new Set(task.lines.flatMap((line) => [line.source, line.target]));
  return { joined: { ...task, boxes: task.boxes.filter((box) => ends.has(box.id)) }, lone: task.boxes.filter((box) => !ends.has(box.id)) };
}

export function below(placed: Placed, joined: Box[], lone: Box[]): Placed {
  const flow = extent(placed, joined);
  const area = lone.reduce((sum, box) => sum + (box.width + GAP.between) * (box.height + GAP.between), 0);
  const width = Math.max(flow.right - flow.left, Math.sqrt(area * ASPECT));
  const boxes = new Map(placed.boxes);
  for (const [id, at] of rows(lone, width, { x: flow.left, y: joined.length > 0 ? flow.bottom + GAP.above : flow.bottom })) boxes.set(id, at);
  return { ...placed, boxes };
}

function rows(lone: Box[], width: number, from: Point): Map<string, Point> {
  const found = new Map<string, Point>();
  const column = Math.max(0, ...lone.map((box) => box.width));
  const columns = Math.max(1, Math.floor((width + GAP.between) / (column + GAP.between)));
  let y = from.y;
  for (let start = 0; start < lone.length; start += columns) {
    const row = lone.slice(start, start + columns);
    row.forEach((box, at) => found.set(box.id, { x: from.x + at * (column + GAP.between), y }));
    y += Math.max(...row.map((box) => box.height)) + GAP.between;
  }
  return found;
}

function extent({ boxes, lines }: Placed, joined: Box[]): { left: number; right: number; bottom: number } {
  const corners = joined.map((box) => ({ ...box, ...(boxes.get(box.id) ?? { x: 0, y: 0 }) }));
  const points = [...lines.values()].flatMap((line) => line.points);
  if (corners.length === 0) return { left: 0, right: 0, bottom: 0 };
  return {
    left: Math.min(...corners.map((box) => box.x)),
    right: Math.max(...corners.map((box) => box.x + box.width)),
    bottom: Math.max(...corners.map((box) => box.y + box.height), ...points.map((point) => point.y)),
  };
}
