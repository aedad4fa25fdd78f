/**
 * What is drawn: a small part of the graph, chosen so that it can be read.
 *
 * It starts from the services or from one event and grows where the user opens something. Each event has two sides, `in`
 * (who publishes, what leads here) and `out` (who handles, what follows); a side shows some of its neighbours and knows
 * how many it keeps back. No picture has more than `LIMIT` nodes.
 */

import type { Certainty, Flow, Link, Site } from "../generated/graph";
import { drawEdges, strongest } from "./edges";
import { publishedBy, type EventEntry, type Index, type ServiceEntry } from "./index";
import { serviceName } from "./names";

export const LIMIT = 150;
/** What opens by itself stops here: the first picture must be legible without zooming. */
export const FIRST_LIMIT = 60;
export const PAGE = 8;
export const SERVICE_PAGE = 12;
export const FIRST_SERVICES = 24;
/** More edges than this between services make a hairball; then the strongest are drawn, which carry the most events. */
export const edgeLimit = (services: number) => Math.max(16, Math.round(1.5 * services));

export type Direction = "both" | "downstream" | "upstream";
export type Focus = { kind: "services" } | { kind: "event"; id: string };
export type Side = "in" | "out";

export interface PictureOptions {
  focus: Focus;
  depth: number;
  direction: Direction;
  /** How many neighbours a side shows, where the user changed it; keys are made by `sideKey`. */
  shown: ReadonlyMap<string, number>;
}

interface NodeBase {
  id: string;
  /** Something of it was opened and can be closed. */
  open: boolean;
}
export type PictureNode =
  | (NodeBase & { kind: "service"; service: ServiceEntry; internal: number; drawnOut: number; moreOut: number })
  | (NodeBase & { kind: "event"; entry: EventEntry; isFocus: boolean; numbers: boolean; drawnIn: number; drawnOut: number; moreIn: number; moreOut: number })
  | (NodeBase & { kind: "site"; site: Site });

/** What an edge stands for, so that its evidence can be shown. */
export type About =
  | { kind: "services"; from: string; to: string; events: string[]; certainty: Certainty }
  | { kind: "sites"; sites: Site[] }
  | { kind: "flows"; flows: Flow[] }
  | { kind: "link"; link: Link };

export interface PictureEdge {
  id: string;
  source: string;
  target: string;
  certainty: Certainty;
  label: string;
  about: About;
}

export interface Picture {
  nodes: PictureNode[];
  edges: PictureEdge[];
  /** Of what the filters leave, how much is not drawn. */
  hiddenServices: number;
  hiddenEvents: number;
  hiddenEdges: number;
  /** The limit kept something back that was asked for. */
  full: boolean;
}

export const serviceId = (key: string) => `service ${key}`;
export const eventId = (id: string) => `event ${id}`;
export const siteId = (id: string) => `site ${id}`;
export const sideKey = (id: string, side: Side) => `${side} ${id}`;
export const SERVICES_KEY = "services";

/** One neighbour on a side of an event. */
type Item = { kind: "site"; site: Site } | { kind: "event"; id: string };

export function itemsOf(index: Index, entry: EventEntry, side: Side): Item[] {
  const items =
    side === "out"
      ? [
          ...leadingFirst(index, entry.handlers).map((site): Item => ({ kind: "site", site })),
          ...entry.linksOut.map((link): Item => ({ kind: "event", id: link.target })),
        ]
      : [
          ...entry.publishers.flatMap((site) => origins(index, site)).map((site): Item => ({ kind: "site", site })),
          ...entry.linksIn.map((link): Item => ({ kind: "event", id: link.source })),
        ];
  return [...new Map(items.map((item) => [itemId(item), item])).values()];
}

export function itemId(item: Item): string {
  return item.kind === "site" ? siteId(item.site.id) : eventId(item.id);
}

/** A publisher that handlers lead to is drawn as those handlers: the flow, not the call, is what one wants to see. */
export function origins(index: Index, publisher: Site): Site[] {
  const handlers = (index.flowsTo.get(publisher.id) ?? []).flatMap((flow) => drawable(index, flow.handler));
  return handlers.length > 0 ? handlers : [publisher];
}

function drawable(index: Index, handler: string): Site[] {
  const site = index.sites.get(handler);
  return site && index.events.get(site.event)?.handlers.includes(site) ? [site] : [];
}

/** When not all handlers fit, those that publish in turn tell more. */
function leadingFirst(index: Index, handlers: Site[]): Site[] {
  return [...handlers.filter((site) => index.flowsFrom.has(site.id)), ...handlers.filter((site) => !index.flowsFrom.has(site.id))];
}

export function makePicture(index: Index, options: PictureOptions): Picture {
  const drawing = new Drawing(index, options);
  if (options.focus.kind === "services") drawing.services();
  else drawing.neighbourhood(options.focus.id);
  drawing.opened();
  return drawing.finish();
}

class Drawing {
  private readonly services_ = new Map<string, ServiceEntry>();
  private readonly events = new Map<string, EventEntry>();
  private readonly sites = new Map<string, Site>();
  private readonly unfolded = new Set<string>();
  private full = false;
  private readonly index: Index;
  private readonly options: PictureOptions;

  constructor(index: Index, options: PictureOptions) {
    this.index = index;
    this.options = options;
  }

  /** All services, the busiest first, and the events of those that are open. */
  services(): void {
    const weight = (service: ServiceEntry) => service.publishes.size + service.handles.size;
    const all = [...this.index.services.values()].sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1));
    for (const service of all.slice(0, this.options.shown.get(SERVICES_KEY) ?? FIRST_SERVICES))
      if (this.room()) this.services_.set(service.key, service);
    for (const service of this.services_.values())
      for (const id of eventsOf(this.index, service).slice(0, this.options.shown.get(serviceId(service.key)) ?? 0)) this.addEvent(id, LIMIT);
  }

  /** The event and what lies within `depth` steps; an event at the rim is drawn closed. */
  neighbourhood(root: string): void {
    const { depth, direction } = this.options;
    if (!this.addEvent(root, FIRST_LIMIT)) return;
    const sides: Side[] = direction === "both" ? ["out", "in"] : direction === "downstream" ? ["out"] : ["in"];
    const seen = new Set<string>();
    const queue = sides.map((side) => ({ id: root, side, distance: 0 }));
    for (const { id, side, distance } of queue) {
      if (distance >= depth || seen.has(sideKey(id, side))) continue;
      seen.add(sideKey(id, side));
      for (const next of this.showSide(id, side, PAGE, FIRST_LIMIT)) queue.push({ id: next, side, distance: distance + 1 });
    }
  }

  /** What the user opened, wherever it stands; what that brings may have been opened too. */
  opened(): void {
    for (const id of this.events.keys())
      for (const side of ["in", "out"] as const) {
        const wanted = this.options.shown.get(sideKey(id, side)) ?? 0;
        if (wanted > 0) this.showSide(id, side, wanted, LIMIT);
      }
  }

  finish(): Picture {
    const { index, options } = this;
    const drawn = { services: this.services_, events: this.events, sites: this.sites };
    const has = (item: Item) => (item.kind === "site" ? this.sites.has(item.site.id) : this.events.has(item.id));
    const events = [...this.events.values()].map((entry): PictureNode => {
      const id = entry.event.id;
      const [into, out] = [itemsOf(index, entry, "in"), itemsOf(index, entry, "out")];
      const drawnIn = into.filter(has).length;
      const drawnOut = out.filter(has).length;
      return {
        kind: "event",
        id: eventId(id),
        entry,
        isFocus: options.focus.kind === "event" && options.focus.id === id,
        open: this.unfolded.has(id),
        // A closed event among services has edges to these; numbers on its sides would say the same again.
        numbers: options.focus.kind === "event" || this.unfolded.has(id),
        drawnIn,
        drawnOut,
        moreIn: into.length - drawnIn,
        moreOut: out.length - drawnOut,
      };
    });
    const services = [...this.services_.values()].map((service): PictureNode => {
      const ids = eventsOf(index, service);
      const drawnOut = ids.filter((id) => this.events.has(id)).length;
      return {
        kind: "service",
        id: serviceId(service.key),
        service,
        internal: ids.filter((id) => service.publishes.has(id) && service.handles.has(id)).length,
        open: (options.shown.get(serviceId(service.key)) ?? 0) > 0,
        drawnOut,
        moreOut: ids.length - drawnOut,
      };
    });
    const sites = [...this.sites.values()].map((site): PictureNode => ({ kind: "site", id: siteId(site.id), site, open: false }));
    const allEdges = drawEdges(index, drawn);
    const edges = strongest(allEdges, edgeLimit(this.services_.size));
    return {
      nodes: [...services, ...events, ...sites],
      edges,
      hiddenEdges: allEdges.length - edges.length,
      hiddenServices: options.focus.kind === "services" ? index.services.size - this.services_.size : 0,
      hiddenEvents: index.events.size - this.events.size,
      full: this.full,
    };
  }

  private room(limit = LIMIT): boolean {
    const free = this.services_.size + this.events.size + this.sites.size < limit;
    if (!free && limit === LIMIT) this.full = true;
    return free;
  }

  private addEvent(id: string, limit: number): boolean {
    if (this.events.has(id)) return true;
    const entry = this.index.events.get(id);
    if (!entry || !this.room(limit)) return false;
    this.events.set(id, entry);
    return true;
  }

  /** Draws the first neighbours of a side and gives the events that these lead on to, which are drawn too. */
  private showSide(id: string, side: Side, wanted: number, limit: number): string[] {
    const overridden = this.options.shown.get(sideKey(id, side));
    const entry = this.index.events.get(id);
    if (!entry) return [];
    const leads: string[] = [];
    for (const item of itemsOf(this.index, entry, side).slice(0, overridden ?? wanted)) {
      this.unfolded.add(id);
      if (item.kind === "site") {
        if (!this.sites.has(item.site.id)) {
          if (!this.room(limit)) break;
          this.sites.set(item.site.id, item.site);
        }
        leads.push(...(side === "out" ? publishedBy(this.index, item.site.id) : item.site.kind === "handle" ? [item.site.event] : []));
      } else leads.push(item.id);
    }
    return [...new Set(leads)].filter((lead) => this.addEvent(lead, limit));
  }
}

/** The events of a service: those that cross its border first, since these explain the picture. */
export function eventsOf(index: Index, service: ServiceEntry): string[] {
  const rank = (id: string) => {
    const entry = index.events.get(id);
    return entry ? entry.publishers.length + entry.handlers.length : 0;
  };
  const inside = (id: string) => service.publishes.has(id) && service.handles.has(id);
  return [...new Set([...service.publishes, ...service.handles])].sort(
    (a, b) => Number(inside(a)) - Number(inside(b)) || rank(b) - rank(a) || (a < b ? -1 : 1),
  );
}

/** The node in words, for lists and screen readers. */
export function nodeName(node: PictureNode): string {
  if (node.kind === "service") return serviceName(node.service.key);
  return node.kind === "event" ? node.entry.event.name : node.site.symbol;
}
