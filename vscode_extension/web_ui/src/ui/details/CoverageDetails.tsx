/** What the analysis saw, what it could not name and why, and which files it could not read whole. */

import type { ReactNode } from "react";
import type { Unnamed } from "../../generated/graph";
import { useExplorer } from "../explorer";
import { Facts, PlaceLink, Section } from "../parts";

export function CoverageDetails(): ReactNode {
  const { coverage, unnamed, problems } = useExplorer().whole.graph;
  const number = (value: number) => value.toLocaleString("en");
  const byReason = new Map<string, Unnamed[]>();
  for (const site of unnamed) byReason.set(site.reason, [...(byReason.get(site.reason) ?? []), site]);
  return (
    <>
      <h2>Coverage</h2>
      <Facts
        rows={[
          ["Files", number(coverage.files)],
          ["Read for events", number(coverage.files_read)],
          ["Sites seen", number(coverage.sites)],
          ["Sites named", number(coverage.named)],
        ]}
      />
      <Section title="Not named" count={unnamed.length}>
        {unnamed.length === 0 && <p className="quiet">Every site that was seen has a name.</p>}
        {[...byReason].map(([reason, sites]) => (
          <details key={reason} open={byReason.size <= 4}>
            <summary>
              <code>{reason}</code> <span className="count">{sites.length}</span>
            </summary>
            <ul className="lines">
              {sites.map((site) => (
                <li key={`${site.place.path}:${site.place.line}:${site.place.column}`}>
                  {site.kind === "publish" ? "publishes" : site.kind === "handle" ? "handles" : "declares"} in <code>{site.symbol}</code>{" "}
                  <span className="quiet">{site.dialect}</span>
                  <PlaceLink place={site.place} />
                  <p className="hint">{site.hint}</p>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </Section>
      <Section title="Problems" count={problems.length}>
        {problems.length === 0 && <p className="quiet">Every file could be read.</p>}
        <ul className="lines">
          {problems.map((problem) => (
            <li key={`${problem.path}:${problem.line}:${problem.code}`}>
              <code>{problem.code}</code> {problem.message}
              <PlaceLink place={{ path: problem.path, line: problem.line, column: 0, end_line: problem.line, end_column: 0 }} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
