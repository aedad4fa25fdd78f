/** Search by any words over events, aliases, handlers, publishers, files, services and sagas. */

import type { Index } from "./index";
import { serviceName } from "./names";

export type HitKind = "event" | "service" | "handler" | "publisher" | "saga" | "file";

export interface Hit {
  kind: HitKind;
  /** What to select: an id of the kind, or the path of a file. */
  id: string;
  text: string;
  /** Where it belongs: the event of a handler, the alias that matched. */
  detail: string;
}

interface Entry extends Hit {
  names: string[];
}

export type SearchIndex = Entry[];

export function buildSearch(index: Index): SearchIndex {
  const entries: Entry[] = [];
  const add = (kind: HitKind, id: string, text: string, detail: string, names = [text]) =>
    entries.push({ kind, id, text, detail, names: names.map((name) => name.toLowerCase()) });

  for (const [id, { event }] of index.events) add("event", id, event.name, event.transport, [event.name, ...(event.aliases ?? [])]);
  for (const key of index.services.keys()) add("service", key, serviceName(key), "");
  const files = new Map<string, number>();
  for (const site of index.sites.values()) {
    files.set(site.place.path, (files.get(site.place.path) ?? 0) + 1);
    const event = index.events.get(site.event)?.event.name ?? "";
    if (site.kind === "handle") add("handler", site.id, site.symbol, event);
    if (site.kind === "publish") add("publisher", site.id, site.symbol, event);
  }
  for (const saga of index.graph.sagas) add("saga", saga.name, saga.name, saga.symbol, [saga.name, saga.symbol]);
  for (const [path, sites] of files) add("file", path, path, sites === 1 ? "1 site" : `${sites} sites`);
  return entries;
}

/** All words must occur in one name. Whole names come first, then beginnings, then beginnings of words, then the rest. */
export function search(entries: SearchIndex, query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored: { entry: Entry; score: number }[] = [];
  for (const entry of entries) {
    const score = Math.min(...entry.names.map((name) => rank(name, words)));
    if (score < Infinity) scored.push({ entry, score });
  }
  scored.sort((a, b) => a.score - b.score || a.entry.text.length - b.entry.text.length || (a.entry.text < b.entry.text ? -1 : 1));
  return scored.map(({ entry: { kind, id, text, detail, names } }) => {
    const alias = kind === "event" && rank(names[0] ?? "", words) === Infinity ? names.find((name) => rank(name, words) < Infinity) : undefined;
    return { kind, id, text, detail: alias === undefined ? detail : `also ${alias}` };
  });
}

function rank(name: string, words: string[]): number {
  let worst = 0;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at < 0) return Infinity;
    const starts = at === 0 || /[^a-z0-9]/.test(name.charAt(at - 1));
    worst = Math.max(worst, name === word ? 0 : at === 0 ? 1 : starts ? 2 : 3);
  }
  return worst;
}
