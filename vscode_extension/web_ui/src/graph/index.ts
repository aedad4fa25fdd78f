/** The graph's lists as maps, so that every question about a neighbour is one look-up. */

import type { Event, EventGraph, Flow, Link, Saga, Site } from "../generated/graph";
import { serviceOf } from "./names";

export interface EventEntry {
  event: Event;
  publishers: Site[];
  handlers: Site[];
  /** Publishers and handlers in tests; they are in no other list. */
  tests: Site[];
  declarations: Site[];
  linksOut: Link[];
  linksIn: Link[];
}

export interface ServiceEntry {
  key: string;
  path: string;
  /** Ids of events, in the graph's order. */
  publishes: Set<string>;
  handles: Set<string>;
}

export interface Index {
  graph: EventGraph;
  events: Map<string, EventEntry>;
  sites: Map<string, Site>;
  services: Map<string, ServiceEntry>;
  flowsFrom: Map<string, Flow[]>;
  flowsTo: Map<string, Flow[]>;
}

/** With `tests`, sites in tests stand among the publishers and handlers too. References to nothing are left out. */
export function indexGraph(graph: EventGraph, { tests = false } = {}): Index {
  const index: Index = {
    graph,
    events: new Map(),
    sites: new Map(),
    services: new Map(),
    flowsFrom: new Map(),
    flowsTo: new Map(),
  };
  for (const event of graph.events)
    index.events.set(event.id, { event, publishers: [], handlers: [], tests: [], declarations: [], linksOut: [], linksIn: [] });
  for (const site of graph.sites) addSite(index, site, tests);
  for (const link of graph.links) {
    const [source, target] = [index.events.get(link.source), index.events.get(link.target)];
    if (!source || !target) continue;
    source.linksOut.push(link);
    target.linksIn.push(link);
  }
  for (const flow of graph.flows) {
    if (!index.sites.has(flow.handler) || !index.sites.has(flow.publisher)) continue;
    append(index.flowsFrom, flow.handler, flow);
    append(index.flowsTo, flow.publisher, flow);
  }
  return index;
}

function addSite(index: Index, site: Site, tests: boolean): void {
  const entry = index.events.get(site.event);
  if (!entry) return;
  index.sites.set(site.id, site);
  if (site.kind === "declare") {
    entry.declarations.push(site);
    return;
  }
  if (site.in_tests) entry.tests.push(site);
  if (site.in_tests && !tests) return;
  entry[site.kind === "publish" ? "publishers" : "handlers"].push(site);
  const key = serviceOf(site);
  let service = index.services.get(key);
  if (!service) {
    const path = index.graph.services.find((declared) => declared.name === key)?.path ?? "";
    index.services.set(key, (service = { key, path, publishes: new Set(), handles: new Set() }));
  }
  service[site.kind === "publish" ? "publishes" : "handles"].add(site.event);
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The event itself and all that its links lead to. */
export function reached(index: Index, id: string): EventEntry[] {
  return closure(index, id, (entry) => entry.linksOut.map((link) => link.target));
}

/** The event itself and all whose links lead to it. */
export function feeding(index: Index, id: string): EventEntry[] {
  return closure(index, id, (entry) => entry.linksIn.map((link) => link.source));
}

function closure(index: Index, id: string, step: (entry: EventEntry) => string[]): EventEntry[] {
  const seen = new Set([id]);
  const result: EventEntry[] = [];
  for (const current of seen) {
    const entry = index.events.get(current);
    if (!entry) continue;
    result.push(entry);
    for (const next of step(entry)) seen.add(next);
  }
  return result;
}

/** The events that a handler goes on to publish. */
export function publishedBy(index: Index, handler: string): string[] {
  return unique((index.flowsFrom.get(handler) ?? []).flatMap((flow) => index.sites.get(flow.publisher)?.event ?? []));
}

/** One step along the flow: what the event's handlers publish, and where its links lead. */
export function nextEvents(index: Index, id: string): string[] {
  const entry = index.events.get(id);
  if (!entry) return [];
  return unique([...entry.handlers.flatMap((site) => publishedBy(index, site.id)), ...entry.linksOut.map((link) => link.target)]);
}

/** A saga belongs to an event when one of the event's sites stands inside the saga's class or function. */
export function sagasOf(index: Index, entry: EventEntry): Saga[] {
  const sites = [...entry.publishers, ...entry.handlers];
  return index.graph.sagas.filter((saga) =>
    sites.some((site) => site.place.path === saga.place.path && (site.symbol === saga.symbol || site.symbol.startsWith(`${saga.symbol}.`))),
  );
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
