/** Flows with the calls on their way. */

import type { ReactNode } from "react";
import type { Flow } from "../../generated/graph";
import { useExplorer } from "../explorer";
import { CertaintyTag, EvidenceList, SiteLine } from "../parts";

export function FlowLines({ flows, end }: { flows: readonly Flow[]; end: "handler" | "publisher" }): ReactNode {
  const { whole } = useExplorer();
  return (
    <ul className="lines">
      {flows.map((flow) => {
        const site = whole.sites.get(flow[end]);
        return site ? (
          <SiteLine key={`${flow.handler} ${flow.publisher}`} site={site} showEvent>
            <div className="under">
              <CertaintyTag certainty={flow.certainty ?? "sure"} />
              {flow.hops && flow.hops.length > 0 ? <EvidenceList steps={flow.hops} /> : <span className="quiet">in the handler’s own body</span>}
            </div>
          </SiteLine>
        ) : null;
      })}
    </ul>
  );
}
