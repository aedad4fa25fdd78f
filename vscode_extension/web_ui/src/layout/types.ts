/** What goes into a layout and what comes out. */

export interface Box {
  id: string;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  source: string;
  target: string;
  label: { width: number; height: number } | null;
}

export interface Task {
  boxes: Box[];
  lines: Line[];
  /** Flows run to the right on a wide screen, downwards on a narrow one. */
  orientation: "right" | "down";
}

export interface Point {
  x: number;
  y: number;
}

export interface Placed {
  boxes: Map<string, Point>;
  lines: Map<string, { points: Point[]; label: Point | null }>;
  /** Which of the ways was taken; shown to nobody, told to tests. */
  by: "worker" | "page" | "columns";
}
