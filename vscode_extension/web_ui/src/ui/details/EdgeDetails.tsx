/** What an edge of the picture stands for. */

import type { ReactNode } from "react";
import { serviceName } from "../../graph/names";
import type { About } from "../../graph/picture";
import { CertaintyTag, EventButton, EvidenceList, MarkTags, SiteLine } from "../parts";
import { FlowLines } from "./FlowLines";
import { SiteDetails } from "./SiteDetails";

export function EdgeDetails({ about }: { about: About }): ReactNode {
  switch (about.kind) {
    case "sites": {
      const [only, ...others] = about.sites;
      if (only && others.length === 0) return <SiteDetails site={only} />;
      return (
        <>
          <h2>{only?.kind === "publish" ? "Publishers" : "Handlers"}</h2>
          <ul className="lines">
            {about.sites.map((site) => (
              <SiteLine key={site.id} site={site} />
            ))}
          </ul>
        </>
      );
    }
    case "services":
      return (
        <>
          <h2>
            {serviceName(about.from)} → {serviceName(about.to)}
          </h2>
          <p className="quiet">Events that {serviceName(about.from)} publishes and {serviceName(about.to)} handles.</p>
          <CertaintyTag certainty={about.certainty} />
          <ul className="lines">
            {about.events.map((id) => (
              <li key={id}>
                <EventButton id={id} /> <MarkTags id={id} />
              </li>
            ))}
          </ul>
        </>
      );
    case "flows":
      return (
        <>
          <h2>Flow</h2>
          <p className="quiet">The handler goes on to publish this, through these calls.</p>
          <FlowLines flows={about.flows} end="handler" />
          <p className="quiet">published by</p>
          <FlowLines flows={about.flows} end="publisher" />
        </>
      );
    case "link": {
      const { link } = about;
      return (
        <>
          <h2>Link</h2>
          <p>
            What is published as <EventButton id={link.source} /> also reaches the handlers of <EventButton id={link.target} />.
          </p>
          <p>
            <span className="tag">{link.kind}</span> <CertaintyTag certainty={link.certainty ?? "sure"} />
          </p>
          {link.evidence && <EvidenceList steps={link.evidence} />}
        </>
      );
    }
  }
}

