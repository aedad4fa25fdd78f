/** The panel that answers "what is this, and how do you know?" */

import type { ReactNode } from "react";
import type { Selected } from "../../view";
import { useExplorer, type Explorer } from "../explorer";
import { IconButton } from "../parts";
import { CoverageDetails } from "./CoverageDetails";
import { EdgeDetails } from "./EdgeDetails";
import { EventDetails } from "./EventDetails";
import { FileDetails, SagaDetails, ServiceDetails } from "./OtherDetails";
import { SiteDetails } from "./SiteDetails";

export function Details(): ReactNode {
  const explorer = useExplorer();
  const { view, dispatch } = explorer;
  const content = view.selected && contentOf(view.selected, explorer);
  return (
    <aside className="details" aria-label="Details" hidden={!content && view.pane !== "details"}>
      {content ? (
        <>
          <div className="close">
            <IconButton icon="close" label="Close details" onClick={() => dispatch({ type: "select", selected: null, pane: "view" })} />
          </div>
          {content}
        </>
      ) : (
        <p className="quiet">Choose an event, a handler or an edge to see who publishes, who handles, and how that is known.</p>
      )}
    </aside>
  );
}

function contentOf(selected: Selected, { whole }: Explorer): ReactNode {
  switch (selected.kind) {
    case "event": {
      const entry = whole.events.get(selected.id);
      return entry && <EventDetails entry={entry} />;
    }
    case "site": {
      const site = whole.sites.get(selected.id);
      return site && <SiteDetails site={site} />;
    }
    case "service": {
      const service = whole.services.get(selected.id);
      return service && <ServiceDetails service={service} />;
    }
    case "saga": {
      const saga = whole.graph.sagas.find((declared) => declared.name === selected.id);
      return saga && <SagaDetails saga={saga} />;
    }
    case "file":
      return <FileDetails path={selected.id} />;
    case "edge":
      return <EdgeDetails about={selected.about} />;
    case "coverage":
      return <CoverageDetails />;
  }
}
