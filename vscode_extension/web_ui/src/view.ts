/** What the user looks at: one value, changed by actions; what is drawn and listed follows from it and the graph. */

import type { EventGraph } from "./generated/graph";
import { NO_FILTERS, type Filters } from "./graph/filter";
import type { InitialView } from "./graph/load";
import { findEvent } from "./graph/names";
import { eventId, PAGE, SERVICE_PAGE, serviceId, sideKey, type About, type Direction, type Focus, type Side } from "./graph/picture";

export const MAX_DEPTH = 6;

export type Selected =
  | { kind: "event" | "site" | "service" | "saga" | "file"; id: string }
  | { kind: "edge"; id: string; about: About }
  | { kind: "coverage" };

export interface View {
  focus: Focus;
  depth: number;
  direction: Direction;
  shown: ReadonlyMap<string, number>;
  selected: Selected | null;
  filters: Filters;
  query: string;
  mode: "picture" | "table";
  /** On a narrow screen one pane is seen at a time. */
  pane: "list" | "view" | "details";
  /** Where "back" leads, the latest last. */
  trail: Focus[];
  /** The node that stays where it is on the screen when the picture grows. */
  anchor: string | null;
  notice: string;
}

export type Action =
  | { type: "focus"; focus: Focus }
  | { type: "back" }
  | { type: "depth"; depth: number }
  | { type: "direction"; direction: Direction }
  | { type: "openEvent" | "closeEvent"; id: string }
  | { type: "openService" | "closeService"; key: string }
  | { type: "more"; node: string; key: string; shown: number }
  | { type: "select"; selected: Selected | null; pane?: View["pane"] }
  | { type: "filter"; change: Partial<Filters> }
  | { type: "query"; query: string }
  | { type: "mode"; mode: View["mode"] }
  | { type: "pane"; pane: View["pane"] }
  | { type: "dismiss" };

export function initialView(graph: EventGraph, wish: InitialView): View {
  const view: View = {
    focus: { kind: "services" },
    depth: clampDepth(wish.depth ?? 2),
    direction: wish.direction === "upstream" || wish.direction === "downstream" ? wish.direction : "both",
    shown: new Map(),
    selected: null,
    filters: NO_FILTERS,
    query: "",
    mode: "picture",
    pane: "view",
    trail: [],
    anchor: null,
    notice: "",
  };
  if (typeof wish.event === "string" && wish.event !== "") {
    const event = findEvent(graph.events, wish.event);
    if (event) return { ...reduce(view, { type: "focus", focus: { kind: "event", id: event.id } }), trail: [] };
    return { ...view, query: wish.event, notice: `There is no one event “${wish.event}”. All services are shown instead.` };
  }
  if (typeof wish.service === "string" && wish.service !== "") {
    if (graph.sites.some((site) => site.service === wish.service)) return reduce(view, { type: "openService", key: wish.service });
    return { ...view, notice: `There is no service “${wish.service}” with events. All services are shown instead.` };
  }
  return view;
}

export function reduce(view: View, action: Action): View {
  switch (action.type) {
    case "focus":
      if (sameFocus(view.focus, action.focus)) return { ...view, pane: "view", selected: selectionOf(action.focus) };
      return { ...view, ...fresh(action.focus), trail: [...view.trail, view.focus] };
    case "back": {
      const focus = view.trail.at(-1);
      return focus ? { ...view, ...fresh(focus), trail: view.trail.slice(0, -1) } : view;
    }
    case "depth":
      return { ...view, depth: clampDepth(action.depth), shown: new Map(), anchor: null };
    case "direction":
      return { ...view, direction: action.direction, shown: new Map(), anchor: null };
    case "openEvent":
      return { ...setSides(view, action.id, PAGE), selected: { kind: "event", id: action.id } };
    case "closeEvent":
      return setSides(view, action.id, 0);
    case "openService":
      return {
        ...setShown(view, serviceId(action.key), { [serviceId(action.key)]: SERVICE_PAGE }),
        selected: { kind: "service", id: action.key },
      };
    case "closeService":
      return setShown(view, serviceId(action.key), { [serviceId(action.key)]: 0 });
    case "more":
      return setShown(view, action.node, { [action.key]: action.shown });
    case "select":
      return { ...view, selected: action.selected, pane: action.pane ?? view.pane };
    case "filter":
      return { ...view, filters: { ...view.filters, ...action.change }, anchor: null };
    case "query":
      return { ...view, query: action.query };
    case "mode":
      return { ...view, mode: action.mode, pane: "view" };
    case "pane":
      return { ...view, pane: action.pane };
    case "dismiss":
      return { ...view, notice: "" };
  }
}

/** A new place to look at starts small: what was opened belonged to the old one. */
function fresh(focus: Focus): Pick<View, "focus" | "shown" | "selected" | "pane" | "anchor" | "notice"> {
  return { focus, shown: new Map(), selected: selectionOf(focus), pane: "view", anchor: null, notice: "" };
}

function selectionOf(focus: Focus): Selected | null {
  return focus.kind === "event" ? { kind: "event", id: focus.id } : null;
}

function sameFocus(a: Focus, b: Focus): boolean {
  return a.kind === b.kind && (a.kind !== "event" || b.kind !== "event" || a.id === b.id);
}

function setSides(view: View, id: string, shown: number): View {
  const sides: Side[] = ["in", "out"];
  return setShown(view, eventId(id), Object.fromEntries(sides.map((side) => [sideKey(id, side), shown])));
}

function setShown(view: View, anchor: string, changes: Record<string, number>): View {
  return { ...view, anchor, shown: new Map([...view.shown, ...Object.entries(changes)]) };
}

function clampDepth(depth: number): number {
  return Number.isFinite(depth) ? Math.min(MAX_DEPTH, Math.max(1, Math.round(depth))) : 2;
}
