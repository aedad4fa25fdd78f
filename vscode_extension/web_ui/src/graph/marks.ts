/** What deserves a second look at an event: nobody handles it, nobody publishes it, it leads back to itself. */

import { findCycles } from "./cycles";
import { feeding, nextEvents, reached, type Index } from "./index";

export type Mark = "unhandled" | "unpublished" | "cycle";

export interface Marks {
  /** By event id; an event without marks is absent. */
  of: Map<string, Mark[]>;
  /** By event id: all events of its cycle. */
  cycles: Map<string, string[]>;
}

export const MARK_WORDS: Record<Mark, string> = {
  unhandled: "never handled",
  unpublished: "never published",
  cycle: "in a cycle",
};

/**
 * `index` must be of the whole graph without tests: a filter makes no dead end, and a test keeps no event alive. Of
 * events that come from a framework or that configuration calls external, the other end is elsewhere.
 */
export function findMarks(index: Index): Marks {
  const cycles = findCycles(index.events.keys(), (id) => nextEvents(index, id));
  const of = new Map<string, Mark[]>();
  for (const [id, { event, publishers, handlers }] of index.events) {
    const marks: Mark[] = [];
    const ours = event.origin !== "builtin" && event.origin !== "external";
    if (ours && publishers.length > 0 && reached(index, id).every((entry) => entry.handlers.length === 0)) marks.push("unhandled");
    if (ours && handlers.length > 0 && feeding(index, id).every((entry) => entry.publishers.length === 0)) marks.push("unpublished");
    if (cycles.has(id)) marks.push("cycle");
    if (marks.length > 0) of.set(id, marks);
  }
  return { of, cycles };
}
