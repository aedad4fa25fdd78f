/** Where the picture stands on the screen after it changed. */

import type { Rect, Viewport } from "@xyflow/react";
import type { Drawing } from "./useLayout";

const MARGIN = 28;
/** Above and below stand the count, the legend and the zoom buttons. */
const MARGIN_Y = 48;
/** Below this nobody can read the words: rather show a part. */
const LEGIBLE = 0.56;
const PART = 0.72;

export function bounds({ placed, nodes }: Drawing): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [id, { x, y }] of placed.boxes) {
    const size = nodes.get(id)?.size ?? { width: 0, height: 0 };
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + size.width), Math.max(bottom, y + size.height)];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export interface Screen {
  width: number;
  height: number;
}

export function fitting(area: Rect, screen: Screen): number {
  return Math.min((screen.width - 2 * MARGIN) / area.width, (screen.height - 2 * MARGIN_Y) / area.height);
}

/** The whole picture where that is legible, else its most important part at a legible size. */
export function overview(drawing: Drawing, screen: Screen, important: string | null): Viewport {
  const area = bounds(drawing);
  const fit = fitting(area, screen);
  if (fit >= LEGIBLE) {
    const zoom = Math.min(fit, screen.width > 2400 ? 1.6 : 1.15);
    return { zoom, x: (screen.width - area.width * zoom) / 2 - area.x * zoom, y: (screen.height - area.height * zoom) / 2 - area.y * zoom };
  }
  const at = important === null ? undefined : drawing.placed.boxes.get(important);
  const size = important === null ? undefined : drawing.nodes.get(important)?.size;
  if (at && size) return within(area, screen, { zoom: PART, x: screen.width / 2 - (at.x + size.width / 2) * PART, y: screen.height / 2 - (at.y + size.height / 2) * PART });
  return within(area, screen, { zoom: PART, x: MARGIN - area.x * PART, y: MARGIN - area.y * PART });
}

/** A side that is smaller than the screen is centred, so that no half of the screen stays empty. */
function within(area: Rect, screen: Screen, viewport: Viewport): Viewport {
  const along = (start: number, length: number, room: number, wanted: number, margin: number) => {
    const drawn = length * viewport.zoom;
    if (drawn <= room - 2 * margin) return (room - drawn) / 2 - start * viewport.zoom;
    return Math.min(margin - start * viewport.zoom, Math.max(room - margin - (start + length) * viewport.zoom, wanted));
  };
  return {
    zoom: viewport.zoom,
    x: along(area.x, area.width, screen.width, viewport.x, MARGIN),
    y: along(area.y, area.height, screen.height, viewport.y, MARGIN_Y),
  };
}

/** After something was opened: all of it if that is legible, else the opened node stays where it was, as far as that leaves no emptiness. */
export function keep(before: Drawing, after: Drawing, anchor: string, viewport: Viewport, screen: Screen): Viewport {
  if (fitting(bounds(after), screen) >= LEGIBLE) return overview(after, screen, anchor);
  const [was, is] = [before.placed.boxes.get(anchor), after.placed.boxes.get(anchor)];
  if (!was || !is) return overview(after, screen, anchor);
  const zoom = Math.max(viewport.zoom, LEGIBLE);
  return within(bounds(after), screen, { zoom, x: viewport.x + was.x * viewport.zoom - is.x * zoom, y: viewport.y + was.y * viewport.zoom - is.y * zoom });
}

/** The smallest move that brings a node into sight. */
export function reveal(drawing: Drawing, id: string, viewport: Viewport, screen: Screen): Viewport | null {
  const [at, size] = [drawing.placed.boxes.get(id), drawing.nodes.get(id)?.size];
  if (!at || !size) return null;
  const move = (start: number, length: number, room: number) => (start < MARGIN ? MARGIN - start : start + length > room - MARGIN ? room - MARGIN - start - length : 0);
  const x = move(at.x * viewport.zoom + viewport.x, size.width * viewport.zoom, screen.width);
  const y = move(at.y * viewport.zoom + viewport.y, size.height * viewport.zoom, screen.height);
  return x === 0 && y === 0 ? null : { zoom: viewport.zoom, x: viewport.x + x, y: viewport.y + y };
}
