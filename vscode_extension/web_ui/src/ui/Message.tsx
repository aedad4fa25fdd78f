/** Instead of a graph: what is wrong, and the way out. */

import type { ReactNode } from "react";
import { FORMAT, type Loaded } from "../graph/load";
import { count } from "../graph/names";
import { Icon } from "./icons";

export function Message({ loaded }: { loaded: Exclude<Loaded, { kind: "graph" }> }): ReactNode {
  const { title, text, command } = wordsFor(loaded);
  return (
    <main className="message">
      <Icon name={loaded.kind === "empty" ? "event" : "warning"} />
      <h1>{title}</h1>
      {text.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <pre>
        <code>{command}</code>
      </pre>
      {loaded.kind === "empty" && loaded.graph.unnamed.length > 0 && (
        <ul>
          {loaded.graph.unnamed.slice(0, 20).map((site) => (
            <li key={`${site.place.path}:${site.place.line}:${site.place.column}`}>
              <code>
                {site.place.path}:{site.place.line}
              </code>{" "}
              {site.hint}
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

function wordsFor(loaded: Exclude<Loaded, { kind: "graph" }>): { title: string; text: string[]; command: string } {
  const again = "pubsub-tools graph . --format html";
  switch (loaded.kind) {
    case "empty": {
      const { files, files_read, sites } = loaded.graph.coverage;
      return {
        title: "No events were found",
        text: [
          `${count(files, "file")} of “${loaded.graph.root}” were looked at, ${files_read.toLocaleString("en")} read for events, ${count(sites, "site")} seen.`,
          "If this code has a bus of its own, let the tool propose the configuration for it:",
        ],
        command: "pubsub-tools init",
      };
    }
    case "absent":
      return { title: "This page holds no graph", text: ["It is the empty form of the page. Make one with a graph inside:"], command: again };
    case "format":
      return {
        title: "This graph has another format",
        text: [`The graph has format ${loaded.found}; this page reads format ${FORMAT}.`, "Write page and graph with the same version of the tool:"],
        command: again,
      };
    case "broken":
      return { title: "This graph cannot be read", text: [`The data inside the page are damaged: ${loaded.why}.`, "Write the page again:"], command: again };
  }
}
