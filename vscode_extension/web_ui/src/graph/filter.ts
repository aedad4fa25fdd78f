/** A filter makes a smaller graph of a graph; everything that draws or lists works on the result. */

import type { Certainty, EventGraph, Site } from "../generated/graph";
import type { Mark, Marks } from "./marks";
import { serviceOf } from "./names";

export interface Filters {
  /** Empty strings let everything pass. */
  service: string | null;
  dialect: string;
  transport: string;
  mark: Mark | "";
  certainty: Certainty;
  tests: boolean;
  builtin: boolean;
}

export const NO_FILTERS: Filters = {
  service: null,
  dialect: "",
  transport: "",
  mark: "",
  certainty: "likely",
  tests: false,
  builtin: true,
};

const RANK: Record<Certainty, number> = { sure: 0, likely: 1, guess: 2 };

export function lessCertain(a: Certainty, b: Certainty): Certainty {
  return RANK[a] >= RANK[b] ? a : b;
}

export function moreCertain(a: Certainty, b: Certainty): Certainty {
  return RANK[a] <= RANK[b] ? a : b;
}

export function activeFilters(filters: Filters): number {
  return (Object.keys(NO_FILTERS) as (keyof Filters)[]).filter((key) => filters[key] !== NO_FILTERS[key]).length;
}

/**
 * A service filter keeps the events that the service touches with all their sites, since the other end is what one wants
 * to see; certainty, dialect and tests drop single sites. An event that loses all its sites goes too.
 */
export function applyFilters(graph: EventGraph, marks: Marks, filters: Filters): EventGraph {
  const certain = (claim: { certainty?: Certainty }) => RANK[claim.certainty ?? "sure"] <= RANK[filters.certainty];
  const siteStays = (site: Site) =>
    certain(site) && (filters.tests || !site.in_tests) && (filters.dialect === "" || site.dialect === filters.dialect);
  const sites = graph.sites.filter(siteStays);

  const had = new Set(graph.sites.map((site) => site.event));
  const has = new Set(sites.map((site) => site.event));
  const touched = new Set(sites.filter((site) => serviceOf(site) === filters.service).map((site) => site.event));
  const events = graph.events.filter(
    (event) =>
      (filters.builtin || event.origin !== "builtin") &&
      (filters.transport === "" || event.transport === filters.transport) &&
      (filters.dialect === "" || event.dialects.includes(filters.dialect)) &&
      (filters.mark === "" || (marks.of.get(event.id)?.includes(filters.mark) ?? false)) &&
      (filters.service === null || touched.has(event.id)) &&
      (has.has(event.id) || !had.has(event.id)),
  );
  return { ...graph, events, sites, links: graph.links.filter(certain), flows: graph.flows.filter(certain) };
}

/** The values that the graph offers to choose from, and whether a choice makes sense at all. */
export function choices(graph: EventGraph) {
  const sorted = (values: Iterable<string>) => [...new Set(values)].sort((a, b) => a.localeCompare(b, "en"));
  return {
    services: sorted(graph.sites.filter((site) => site.kind !== "declare" && !site.in_tests).map(serviceOf)),
    dialects: sorted(graph.events.flatMap((event) => event.dialects)),
    transports: sorted(graph.events.map((event) => event.transport)),
    guesses: graph.sites.some((site) => site.certainty === "guess"),
    tests: graph.sites.some((site) => site.in_tests),
    builtin: graph.events.some((event) => event.origin === "builtin"),
  };
}
