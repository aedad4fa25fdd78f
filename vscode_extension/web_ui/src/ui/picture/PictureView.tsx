/** The picture: React Flow draws what `makePicture` chose where the layout put it. */

import { MarkerType, Panel, ReactFlow, ReactFlowProvider, useReactFlow, type Viewport } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { count } from "../../graph/names";
import { eventId, FIRST_SERVICES, LIMIT, nodeName, PAGE, SERVICE_PAGE, serviceId, SERVICES_KEY, sideKey, siteId, type Picture, type PictureEdge, type PictureNode } from "../../graph/picture";
import { nearest } from "../../layout/path";
import type { Selected } from "../../view";
import { useExplorer } from "../explorer";
import { IconButton } from "../parts";
import { keep, overview, reveal, type Screen } from "./camera";
import { edgeTypes, type FlowEdge } from "./edges";
import { Legend } from "./Legend";
import { nodeTypes, type FlowNode, type NodeActions } from "./nodes";
import { useLayout, type Drawing } from "./useLayout";

export function PictureView({ picture }: { picture: Picture }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Screen | null>(null);
  const measure = useCallback((): Screen => ({ width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 }), []);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setScreen({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="picture" ref={frame}>
      {screen && (
        <ReactFlowProvider>
          <Canvas picture={picture} screen={screen} measure={measure} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

/** The id of the drawn node that a selection means. */
function nodeOf(selected: Selected | null): string | null {
  if (selected?.kind === "event") return eventId(selected.id);
  if (selected?.kind === "site") return siteId(selected.id);
  return selected?.kind === "service" ? serviceId(selected.id) : null;
}

function Canvas({ picture, screen, measure }: { picture: Picture; screen: Screen; measure: () => Screen }): ReactNode {
  const { view, dispatch, marks } = useExplorer();
  const flow = useReactFlow();
  const subject = view.focus.kind === "event" ? `${view.focus.id} ${view.depth} ${view.direction}` : "services";
  const { drawing, busy } = useLayout(picture, marks, subject, measure);
  const selectedId = nodeOf(view.selected);
  const [reachable, setReachable] = useState<string | null>(null);
  useCamera(drawing, screen, view.anchor, selectedId);

  const current = reachable !== null && drawing?.nodes.has(reachable) ? reachable : firstNode(drawing, view.focus.kind === "event" ? eventId(view.focus.id) : null);

  const actions = useMemo<NodeActions>(() => {
    const toggle = (node: PictureNode) => {
      if (node.kind === "service") dispatch({ type: node.open ? "closeService" : "openService", key: node.service.key });
      if (node.kind === "event") dispatch({ type: node.open ? "closeEvent" : "openEvent", id: node.entry.event.id });
    };
    const press = (node: PictureNode) => {
      setReachable(node.id);
      if (node.kind === "site") dispatch({ type: "select", selected: { kind: "site", id: node.site.id } });
      else if (!node.open) toggle(node);
      else if (node.kind === "service") dispatch({ type: "select", selected: { kind: "service", id: node.service.key } });
      else dispatch({ type: "select", selected: { kind: "event", id: node.entry.event.id } });
    };
    const more = (node: PictureNode, side: "in" | "out") => {
      // The number may vanish with what it counted; the keyboard stays at its node.
      setReachable(node.id);
      document.querySelector<HTMLElement>(`[data-node="${CSS.escape(node.id)}"]`)?.focus({ preventScroll: true });
      if (node.kind === "service") dispatch({ type: "more", node: node.id, key: serviceId(node.service.key), shown: node.drawnOut + SERVICE_PAGE });
      if (node.kind === "event") {
        const drawn = side === "in" ? node.drawnIn : node.drawnOut;
        dispatch({ type: "more", node: node.id, key: sideKey(node.entry.event.id, side), shown: drawn + PAGE });
      }
    };
    return { toggle, press, more };
  }, [dispatch]);

  const nodes = useMemo(() => (drawing ? flowNodes(drawing, selectedId, current, actions) : []), [drawing, selectedId, current, actions]);
  const selectedEdge = view.selected?.kind === "edge" ? view.selected.id : null;
  const edges = useMemo(() => {
    const press = (edge: PictureEdge) => dispatch({ type: "select", selected: { kind: "edge", id: edge.id, about: edge.about } });
    return drawing ? flowEdges(drawing, selectedId, selectedEdge, press) : [];
  }, [drawing, selectedId, selectedEdge, dispatch]);

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ({ ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const)[event.key];
    const from = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (!direction || from === undefined || !drawing) return;
    event.preventDefault();
    const centres = [...drawing.placed.boxes].map(([id, at]) => {
      const size = drawing.nodes.get(id)?.size ?? { width: 0, height: 0 };
      return { id, x: at.x + size.width / 2, y: at.y + size.height / 2 };
    });
    const here = centres.find((centre) => centre.id === from);
    const to = here && nearest(here, centres, direction);
    if (!to) return;
    setReachable(to.id);
    const moved = reveal(drawing, to.id, flow.getViewport(), screen);
    if (moved) void flow.setViewport(moved);
    event.currentTarget.querySelector<HTMLElement>(`[data-node="${CSS.escape(to.id)}"]`)?.focus({ preventScroll: true });
  };

  const fit = () => drawing && void flow.setViewport(overview(drawing, screen, selectedId));
  return (
    // The wrapper only listens to keys that its buttons do not take.
    <div className="canvas" onKeyDown={onKeyDown} data-layout={drawing?.placed.by} data-busy={busy}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onEdgeClick={(_event, edge) => edge.data?.press(edge.data.edge)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        minZoom={0.15}
        maxZoom={2.5}
        aria-label={`Picture with ${count(picture.nodes.length, "node")} and ${count(picture.edges.length, "edge")}. The arrow keys move between nodes. The table shows the same as text.`}
      >
        <Panel position="bottom-right" className="zoom">
          <IconButton icon="plus" label="Zoom in" onClick={() => void flow.zoomIn()} />
          <IconButton icon="minus" label="Zoom out" onClick={() => void flow.zoomOut()} />
          <IconButton icon="fit" label="Fit the picture" onClick={fit} />
        </Panel>
        <Panel position="bottom-left">
          <Legend />
        </Panel>
      </ReactFlow>
      <Hidden picture={picture} />
      {busy && (
        <p className="busy" role="status">
          Laying out…
        </p>
      )}
    </div>
  );
}

/** Says what is not drawn, and the way to it. */
function Hidden({ picture }: { picture: Picture }): ReactNode {
  const { index, view, dispatch } = useExplorer();
  const services = index.services.size;
  const drawn = index.events.size - picture.hiddenEvents;
  return (
    <p className="hidden-count" role="status">
      {view.focus.kind === "services" && `${picture.hiddenServices > 0 ? `${services - picture.hiddenServices} of ` : ""}${count(services, "service")} · `}
      {drawn === 0 ? `${count(index.events.size, "event")} folded inside` : `${drawn.toLocaleString("en")} of ${count(index.events.size, "event")} drawn`}
      {picture.hiddenEdges > 0 && ` · ${count(picture.hiddenEdges, "weaker edge")} left out, see the table`}
      {picture.hiddenServices > 0 && !picture.full && (
        <button type="button" className="link" onClick={() => dispatch({ type: "more", node: "", key: SERVICES_KEY, shown: services - picture.hiddenServices + FIRST_SERVICES })}>
          Show more services
        </button>
      )}
      {picture.full && <strong> {LIMIT} nodes are the limit: close something, filter, or choose from the list.</strong>}
    </p>
  );
}

function firstNode(drawing: Drawing | null, focus: string | null): string | null {
  if (!drawing) return null;
  return focus !== null && drawing.nodes.has(focus) ? focus : (drawing.picture.nodes[0]?.id ?? null);
}

/** Moves the picture once for each new layout, and when the frame changes its size much; not where the user moved it. */
function useCamera(drawing: Drawing | null, screen: Screen, anchor: string | null, selected: string | null): void {
  const flow = useReactFlow();
  const last = useRef<{ drawing: Drawing; screen: Screen; viewport: Viewport } | null>(null);
  useEffect(() => {
    if (!drawing) return;
    const before = last.current;
    const resized = before !== null && (Math.abs(before.screen.width - screen.width) > 40 || Math.abs(before.screen.height - screen.height) > 40);
    if (before?.drawing === drawing && !resized) return;
    const focus = [...drawing.nodes.values()].find(({ node }) => node.kind === "event" && node.isFocus);
    const now = flow.getViewport();
    const moved = before !== null && (now.x !== before.viewport.x || now.y !== before.viewport.y || now.zoom !== before.viewport.zoom);
    const viewport =
      before?.drawing === drawing && moved
        ? ((selected === null ? null : reveal(drawing, selected, now, screen)) ?? now)
        : before && anchor !== null && before.drawing !== drawing
          ? keep(before.drawing, drawing, anchor, now, screen)
          : overview(drawing, screen, anchor ?? focus?.node.id ?? null);
    last.current = { drawing, screen, viewport };
    void flow.setViewport(viewport);
  }, [drawing, screen, anchor, selected, flow]);
}

function flowNodes({ nodes, placed, orientation }: Drawing, selected: string | null, reachable: string | null, actions: NodeActions): FlowNode[] {
  const along = (id: string) => {
    const at = placed.boxes.get(id) ?? { x: 0, y: 0 };
    return orientation === "right" ? at.x * 1e4 + at.y : at.y * 1e4 + at.x;
  };
  // The order of the flow is the order for the tab key and screen readers.
  return [...nodes.values()]
    .sort((a, b) => along(a.node.id) - along(b.node.id))
    .map(({ node, words, size }) => ({
      id: node.id,
      type: "graph",
      position: placed.boxes.get(node.id) ?? { x: 0, y: 0 },
      ...size,
      measured: size,
      data: { node, words, size, selected: node.id === selected, reachable: node.id === reachable, actions },
    }));
}

function flowEdges({ edges, nodes, placed }: Drawing, selectedNode: string | null, selectedEdge: string | null, press: (edge: PictureEdge) => void): FlowEdge[] {
  const name = (id: string) => {
    const drawn = nodes.get(id);
    return drawn ? nodeName(drawn.node) : "";
  };
  return [...edges.values()].map((edge) => {
    const line = placed.lines.get(edge.id);
    const near = edge.id === selectedEdge || edge.source === selectedNode || edge.target === selectedNode;
    const state = edge.id === selectedEdge ? "selected" : near ? "near" : "";
    const spoken = `${name(edge.source)} to ${name(edge.target)}${edge.label && `, ${edge.label}`}${edge.certainty === "sure" ? "" : `, ${edge.certainty}`}`;
    return {
      id: edge.id,
      type: "graph",
      source: edge.source,
      target: edge.target,
      className: `${state} ${edge.certainty} ${edge.about.kind}`,
      ariaLabel: spoken,
      zIndex: near ? 1 : 0,
      markerEnd: { type: MarkerType.ArrowClosed, width: 26, height: 26, markerUnits: "userSpaceOnUse", color: near ? "var(--accent)" : "var(--edge)" },
      data: { edge, points: line?.points ?? [], labelAt: line?.label ?? null, state, spoken, press },
    };
  });
}
