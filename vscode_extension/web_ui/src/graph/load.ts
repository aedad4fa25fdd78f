/** From the text inside the page to a graph that can be shown, or to the reason why not. */

import type { EventGraph } from "../generated/graph";

export const FORMAT = 1;

export type Loaded =
  | { kind: "graph"; graph: EventGraph }
  | { kind: "absent" }
  | { kind: "empty"; graph: EventGraph }
  | { kind: "format"; found: string }
  | { kind: "broken"; why: string };

const LISTS = ["events", "sites", "links", "flows", "sagas", "services", "unnamed", "problems"] as const;

export function load(text: string): Loaded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "broken", why: error instanceof Error ? error.message : String(error) };
  }
  if (value === null) return { kind: "absent" };
  if (typeof value !== "object" || Array.isArray(value)) return { kind: "broken", why: "it is not a JSON object" };
  const found = "format" in value ? value.format : undefined;
  if (found !== FORMAT) return { kind: "format", found: found === undefined ? "none" : JSON.stringify(found) };
  for (const list of LISTS)
    if (!Array.isArray((value as Partial<EventGraph>)[list])) return { kind: "broken", why: `“${list}” is not a list` };
  const graph = { coverage: { files: 0, files_read: 0, sites: 0, named: 0 }, ...value } as EventGraph;
  return { kind: graph.events.length === 0 ? "empty" : "graph", graph };
}

/** What the page is asked to show first. */
export interface InitialView {
  event?: string;
  service?: string;
  depth?: number;
  direction?: string;
}

/** A broken wish for a first view is no reason to show nothing: it counts as no wish. */
export function loadView(text: string): InitialView {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
