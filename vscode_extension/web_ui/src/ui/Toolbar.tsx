/** Where one is, and how far around it one looks. */

import type { ReactNode } from "react";
import { count } from "../graph/names";
import type { Direction } from "../graph/picture";
import type { Theme } from "../theme";
import { MAX_DEPTH, type View } from "../view";
import { useExplorer } from "./explorer";
import { Icon } from "./icons";
import { IconButton, Name } from "./parts";

const DIRECTIONS: [Direction, string][] = [
  ["both", "Both ways"],
  ["downstream", "Downstream"],
  ["upstream", "Upstream"],
];

export function Toolbar({ children }: { children: ReactNode }): ReactNode {
  const { whole, view, dispatch } = useExplorer();
  const focus = view.focus.kind === "event" ? whole.events.get(view.focus.id)?.event : undefined;
  return (
    <header className="toolbar">
      <nav className="crumbs" aria-label="Where you are">
        {view.trail.length > 0 && <IconButton icon="back" label="Back" onClick={() => dispatch({ type: "back" })} />}
        {focus ? (
          <>
            <button type="button" className="link" onClick={() => dispatch({ type: "focus", focus: { kind: "services" } })}>
              Services
            </button>
            <span aria-hidden="true">›</span>
            <h1>
              <Name text={focus.name} />
            </h1>
          </>
        ) : (
          <h1>
            Services <span className="quiet">of {whole.graph.root}</span>
          </h1>
        )}
      </nav>
      {view.focus.kind === "event" && (
        <div className="controls">
          <span className="stepper" role="group" aria-label="Depth">
            <IconButton icon="minus" label="Fewer steps" disabled={view.depth <= 1} onClick={() => dispatch({ type: "depth", depth: view.depth - 1 })} />
            <output>{count(view.depth, "step")}</output>
            <IconButton icon="plus" label="More steps" disabled={view.depth >= MAX_DEPTH} onClick={() => dispatch({ type: "depth", depth: view.depth + 1 })} />
          </span>
          <select aria-label="Direction" value={view.direction} onChange={(change) => dispatch({ type: "direction", direction: change.target.value as Direction })}>
            {DIRECTIONS.map(([direction, words]) => (
              <option key={direction} value={direction}>
                {words}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="controls">
        <Modes mode={view.mode} choose={(mode) => dispatch({ type: "mode", mode })} />
      </div>
      {children}
    </header>
  );
}

function Modes({ mode, choose }: { mode: View["mode"]; choose: (mode: View["mode"]) => void }): ReactNode {
  return (
    <span className="segments" role="group" aria-label="Show as">
      {(["picture", "table"] as const).map((choice) => (
        <button type="button" key={choice} aria-pressed={mode === choice} onClick={() => choose(choice)}>
          {choice === "picture" ? "Picture" : "Table"}
        </button>
      ))}
    </span>
  );
}

export function ThemeChoice({ theme, setTheme }: { theme: Theme; setTheme: (theme: Theme) => void }): ReactNode {
  return (
    <label className="theme" title="Colours">
      <Icon name="theme" />
      <select aria-label="Colours" value={theme} onChange={(change) => setTheme(change.target.value as Theme)}>
        <option value="auto">As the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
        <option value="contrast">High contrast</option>
      </select>
    </label>
  );
}
