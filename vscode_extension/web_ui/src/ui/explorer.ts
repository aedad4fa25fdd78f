/** What the components share: the graph in its two forms, the view, and how to change it. */

import { createContext, use, type Dispatch } from "react";
import type { Index } from "../graph/index";
import type { Marks } from "../graph/marks";
import type { Host } from "../host";
import type { Action, View } from "../view";

export interface Explorer {
  /** The whole graph, for details: a filter hides nothing of what was asked about. */
  whole: Index;
  /** What the filters leave, for pictures, lists and tables. */
  index: Index;
  marks: Marks;
  view: View;
  dispatch: Dispatch<Action>;
  host: Host | null;
}

export const ExplorerContext = createContext<Explorer | null>(null);

export function useExplorer(): Explorer {
  const explorer = use(ExplorerContext);
  if (!explorer) throw new Error("outside of the explorer");
  return explorer;
}
