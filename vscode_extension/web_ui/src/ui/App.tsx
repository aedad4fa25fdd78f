/** The whole page: search on the left, the picture or table, details on the right, coverage below. */

import { useMemo, useReducer, type ReactNode } from "react";
import type { EventGraph } from "../generated/graph";
import { applyFilters, NO_FILTERS } from "../graph/filter";
import { indexGraph } from "../graph/index";
import type { InitialView, Loaded } from "../graph/load";
import { findMarks } from "../graph/marks";
import { makePicture } from "../graph/picture";
import type { Host } from "../host";
import { useTheme } from "../theme";
import { initialView, reduce, type View } from "../view";
import { Details } from "./details/Details";
import { ExplorerContext, type Explorer } from "./explorer";
import { Footer } from "./Footer";
import { ListPanel } from "./ListPanel";
import { Message } from "./Message";
import { IconButton } from "./parts";
import { PictureView } from "./picture/PictureView";
import { TableView } from "./TableView";
import { ThemeChoice, Toolbar } from "./Toolbar";

export function App({ loaded, wish, host }: { loaded: Loaded; wish: InitialView; host: Host | null }): ReactNode {
  const { theme, setTheme, fixed } = useTheme();
  if (loaded.kind !== "graph") return <Message loaded={loaded} />;
  return (
    <Graph graph={loaded.graph} wish={wish} host={host}>
      {!fixed && <ThemeChoice theme={theme} setTheme={setTheme} />}
    </Graph>
  );
}

function Graph({ graph, wish, host, children }: { graph: EventGraph; wish: InitialView; host: Host | null; children: ReactNode }): ReactNode {
  const [view, dispatch] = useReducer(reduce, wish, (first) => initialView(graph, first));
  const whole = useMemo(() => indexGraph(graph), [graph]);
  const marks = useMemo(() => findMarks(whole), [whole]);
  const index = useMemo(() => indexGraph(applyFilters(graph, marks, view.filters), { tests: view.filters.tests }), [graph, marks, view.filters]);
  const { focus, depth, direction, shown } = view;
  const picture = useMemo(() => makePicture(index, { focus, depth, direction, shown }), [index, focus, depth, direction, shown]);
  const explorer = useMemo<Explorer>(() => ({ whole, index, marks, view, dispatch, host }), [whole, index, marks, view, host]);
  return (
    <ExplorerContext value={explorer}>
      <div className="app" data-pane={view.pane} data-selected={view.selected !== null || undefined}>
        <Toolbar>{children}</Toolbar>
        {view.notice && (
          <p className="notice" role="status">
            {view.notice}
            <IconButton icon="close" label="Dismiss" onClick={() => dispatch({ type: "dismiss" })} />
          </p>
        )}
        <Panes pane={view.pane} choose={(pane) => dispatch({ type: "pane", pane })} />
        <ListPanel />
        <main className="view" aria-label={view.mode === "picture" ? "Picture" : "Table"}>
          {picture.nodes.length === 0 ? (
            <Filtered clear={() => dispatch({ type: "filter", change: NO_FILTERS })} />
          ) : view.mode === "picture" ? (
            <PictureView picture={picture} />
          ) : (
            <TableView picture={picture} />
          )}
        </main>
        <Details />
        <Footer />
      </div>
    </ExplorerContext>
  );
}

/** The list still has its filters; here the way out is one press away too. */
function Filtered({ clear }: { clear: () => void }): ReactNode {
  return (
    <div className="filtered">
      <p>The filters leave nothing to draw here.</p>
      <button type="button" className="action" onClick={clear}>
        Clear filters
      </button>
    </div>
  );
}

function Panes({ pane, choose }: { pane: View["pane"]; choose: (pane: View["pane"]) => void }): ReactNode {
  const names: [View["pane"], string][] = [
    ["list", "Search"],
    ["view", "Flow"],
    ["details", "Details"],
  ];
  return (
    <nav className="panes" aria-label="Panes">
      {names.map(([name, words]) => (
        <button type="button" key={name} aria-pressed={pane === name} onClick={() => choose(name)}>
          {words}
        </button>
      ))}
    </nav>
  );
}
