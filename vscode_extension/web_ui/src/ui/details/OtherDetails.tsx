/** Services, sagas and files. */

import type { ReactNode } from "react";
import type { Saga } from "../../generated/graph";
import type { ServiceEntry } from "../../graph/index";
import { serviceName } from "../../graph/names";
import { useExplorer } from "../explorer";
import { Icon } from "../icons";
import { EventButton, MarkTags, Name, PlaceLink, Section, SiteLine } from "../parts";

export function ServiceDetails({ service }: { service: ServiceEntry }): ReactNode {
  const { view, dispatch } = useExplorer();
  const filtered = view.filters.service === service.key;
  return (
    <>
      <h2>
        <Icon name="service" />
        {serviceName(service.key)}
      </h2>
      {service.path && <p className="quiet">{service.path}</p>}
      <button type="button" className="action" onClick={() => dispatch({ type: "filter", change: { service: filtered ? null : service.key } })}>
        {filtered ? "Show all services again" : "Show only its events"}
      </button>
      <Section title="Publishes" count={service.publishes.size}>
        <EventList ids={service.publishes} />
      </Section>
      <Section title="Handles" count={service.handles.size}>
        <EventList ids={service.handles} />
      </Section>
    </>
  );
}

function EventList({ ids }: { ids: Iterable<string> }): ReactNode {
  return (
    <ul className="lines">
      {[...ids].map((id) => (
        <li key={id}>
          <EventButton id={id} /> <MarkTags id={id} />
        </li>
      ))}
    </ul>
  );
}

export function SagaDetails({ saga }: { saga: Saga }): ReactNode {
  return (
    <>
      <h2>
        <Icon name="saga" />
        <Name text={saga.name} />
      </h2>
      <p>
        <code>{saga.symbol}</code> <PlaceLink place={saga.place} />
      </p>
      <Section title="Steps" count={saga.steps?.length ?? 0}>
        <ol className="evidence">
          {saga.steps?.map((step) => (
            <li key={step.name}>
              <strong>{step.name}</strong>
              {step.compensation && <span className="quiet"> undone by {step.compensation}</span>}
              <PlaceLink place={step.place} />
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

export function FileDetails({ path }: { path: string }): ReactNode {
  const { whole } = useExplorer();
  const sites = [...whole.sites.values()].filter((site) => site.place.path === path).sort((a, b) => a.place.line - b.place.line);
  return (
    <>
      <h2>
        <Icon name="file" />
        <span className="name">{path}</span>
      </h2>
      <ul className="lines">
        {sites.map((site) => (
          <SiteLine key={site.id} site={site} showEvent />
        ))}
      </ul>
    </>
  );
}
