/** How much of the code the graph speaks for; one press shows what is missing and why. */

import type { ReactNode } from "react";
import { count } from "../graph/names";
import { useExplorer } from "./explorer";
import { Icon } from "./icons";

export function Footer(): ReactNode {
  const { whole, dispatch } = useExplorer();
  const { coverage, unnamed, problems } = whole.graph;
  const missing = unnamed.length + problems.length > 0;
  return (
    <footer className="footer">
      <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "coverage" }, pane: "details" })}>
        {missing && <Icon name="warning" />}
        {coverage.named.toLocaleString("en")} of {count(coverage.sites, "site")} named
        {unnamed.length > 0 && ` · ${unnamed.length.toLocaleString("en")} not named`}
        {problems.length > 0 && ` · ${count(problems.length, "problem")}`}
      </button>
      <span className="quiet wide-only">
        {count(coverage.files, "file")}, {coverage.files_read.toLocaleString("en")} read for events
      </span>
    </footer>
  );
}
