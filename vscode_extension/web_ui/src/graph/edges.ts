/** The edges between what is drawn. What is not drawn itself is spoken for by its service, when that is drawn. */

import type { Certainty, Flow, Site } from "../generated/graph";
import { lessCertain, moreCertain } from "./filter";
import { reached, type EventEntry, type Index, type ServiceEntry } from "./index";
import { count, serviceOf } from "./names";
import { eventId, origins, serviceId, siteId, type PictureEdge } from "./picture";

export interface Drawn {
  services: ReadonlyMap<string, ServiceEntry>;
  events: ReadonlyMap<string, EventEntry>;
  sites: ReadonlyMap<string, Site>;
}

export function drawEdges(index: Index, drawn: Drawn): PictureEdge[] {
  return [...siteEdges(index, drawn), ...flowEdges(index, drawn), ...linkEdges(drawn), ...eventServiceEdges(index, drawn), ...serviceEdges(index, drawn)];
}

/** Thins the edges between services, and no others. Each service keeps its strongest before any has a second. */
export function strongest(edges: PictureEdge[], limit: number): PictureEdge[] {
  const weight = ({ about }: PictureEdge) => (about.kind === "services" ? about.events.length : 0);
  const between = edges.filter((edge) => edge.about.kind === "services").sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
  if (between.length <= limit) return edges;
  const joined = new Set<string>();
  const isFirst = new Map(between.map((edge) => {
    const first = !joined.has(edge.source) || !joined.has(edge.target);
    joined.add(edge.source).add(edge.target);
    return [edge, first] as const;
  }));
  const ordered = [...between.filter((edge) => isFirst.get(edge)), ...between.filter((edge) => !isFirst.get(edge))];
  const kept = new Set(ordered.slice(0, limit));
  return edges.filter((edge) => edge.about.kind !== "services" || kept.has(edge));
}

function siteEdges(index: Index, { events, sites }: Drawn): PictureEdge[] {
  return [...sites.values()].flatMap((site): PictureEdge[] => {
    if (!events.has(site.event)) return [];
    const leadsOnly = site.kind === "publish" && !origins(index, site).includes(site);
    const [source, target] = site.kind === "publish" ? [siteId(site.id), eventId(site.event)] : [eventId(site.event), siteId(site.id)];
    return leadsOnly ? [] : [{ id: `${source} > ${target}`, source, target, certainty: site.certainty, label: "", about: { kind: "sites", sites: [site] } }];
  });
}

function flowEdges(index: Index, { events, sites }: Drawn): PictureEdge[] {
  return [...sites.keys()].flatMap((handler) => {
    const byEvent = new Map<string, Flow[]>();
    for (const flow of index.flowsFrom.get(handler) ?? []) {
      const event = index.sites.get(flow.publisher)?.event;
      if (event !== undefined && events.has(event)) byEvent.set(event, [...(byEvent.get(event) ?? []), flow]);
    }
    return [...byEvent].map(([event, flows]): PictureEdge => {
      const certainty = flows
        .map((flow) => lessCertain(flow.certainty ?? "sure", index.sites.get(flow.publisher)?.certainty ?? "sure"))
        .reduce(moreCertain);
      return {
        id: `${handler} > ${event}`,
        source: siteId(handler),
        target: eventId(event),
        certainty,
        label: "",
        about: { kind: "flows", flows },
      };
    });
  });
}

function linkEdges({ events }: Drawn): PictureEdge[] {
  return [...events.values()].flatMap((entry) =>
    entry.linksOut
      .filter((link) => events.has(link.target))
      .map((link): PictureEdge => ({
        id: `${link.source} ${link.kind} ${link.target}`,
        source: eventId(link.source),
        target: eventId(link.target),
        certainty: link.certainty ?? "sure",
        label: link.kind,
        about: { kind: "link", link },
      })),
  );
}

/** Between a drawn event and the services of those publishers and handlers that are not drawn one by one. */
function eventServiceEdges(index: Index, { services, events, sites }: Drawn): PictureEdge[] {
  return [...events.values()].flatMap((entry) => {
    const event = eventId(entry.event.id);
    const unseen = (site: Site) => origins(index, site).every((origin) => !sites.has(origin.id));
    const publishers = byService(entry.publishers.filter(unseen), services);
    const handlers = byService(
      reached(index, entry.event.id)
        .filter((other) => other === entry || !events.has(other.event.id))
        .flatMap((other) => other.handlers.filter((site) => !sites.has(site.id))),
      services,
    );
    // An edge back to the service that the event comes from would only tangle; the node says "handled inside".
    for (const service of publishers.keys()) handlers.delete(service);
    const edge = (source: string, target: string, group: Site[]): PictureEdge => ({
      id: `${source} > ${target}`,
      source,
      target,
      certainty: group.map((site) => site.certainty).reduce(moreCertain),
      label: "",
      about: { kind: "sites", sites: group },
    });
    return [
      ...[...publishers].map(([service, group]) => edge(serviceId(service), event, group)),
      ...[...handlers].map(([service, group]) => edge(event, serviceId(service), group)),
    ];
  });
}

/** Between two services: how many events go from one to the other without being drawn themselves. */
function serviceEdges(index: Index, { services, events }: Drawn): PictureEdge[] {
  const found = new Map<string, { from: string; to: string; events: string[]; certainty: Certainty }>();
  if (services.size === 0) return [];
  for (const [id, entry] of index.events) {
    if (events.has(id) || entry.publishers.length === 0) continue;
    const from = best(entry.publishers);
    const to = best(reached(index, id).flatMap((other) => other.handlers));
    for (const [source, sent] of from)
      for (const [target, heard] of to) {
        if (source === target || !services.has(source) || !services.has(target)) continue;
        const certainty = lessCertain(sent, heard);
        const key = `${serviceId(source)} > ${serviceId(target)}`;
        const known = found.get(key);
        if (known) {
          known.events.push(id);
          known.certainty = moreCertain(known.certainty, certainty);
        } else found.set(key, { from: source, to: target, events: [id], certainty });
      }
  }
  return [...found].map(([id, about]) => ({
    id,
    source: serviceId(about.from),
    target: serviceId(about.to),
    certainty: about.certainty,
    label: count(about.events.length, "event"),
    about: { kind: "services", ...about },
  }));
}

function byService(sites: Site[], services: ReadonlyMap<string, unknown>): Map<string, Site[]> {
  const groups = new Map<string, Site[]>();
  for (const site of sites) {
    const key = serviceOf(site);
    if (services.has(key)) groups.set(key, [...(groups.get(key) ?? []), site]);
  }
  return groups;
}

/** The best certainty that each service has among the sites. */
function best(sites: Site[]): Map<string, Certainty> {
  const result = new Map<string, Certainty>();
  for (const site of sites) {
    const key = serviceOf(site);
    result.set(key, moreCertain(result.get(key) ?? "guess", site.certainty));
  }
  return result;
}
