/** The picture as text: the services with what they exchange, or the events around one, each with both its ends. */

import { useState, type ReactNode } from "react";
import type { Site } from "../generated/graph";
import { nextEvents, type EventEntry, type ServiceEntry } from "../graph/index";
import { count, serviceName } from "../graph/names";
import type { Picture } from "../graph/picture";
import { useExplorer } from "./explorer";
import { CertaintyTag, EventButton, MarkTags, Name, ServiceButton } from "./parts";

const PAGE = 100;
/** A cell names this many sites; the details name all. */
const CELL = 6;

export function TableView({ picture }: { picture: Picture }): ReactNode {
  const { index, view } = useExplorer();
  const around = picture.nodes.flatMap((node) => (node.kind === "event" ? [node.entry] : []));
  const events = view.focus.kind === "event" ? around : [...index.events.values()].sort((a, b) => a.event.name.localeCompare(b.event.name, "en"));
  return (
    <div className="table-view" tabIndex={0} role="region" aria-label="Table">
      {view.focus.kind === "services" && <Services services={[...index.services.values()]} />}
      <Events key={view.focus.kind} events={events} />
    </div>
  );
}

function Services({ services }: { services: ServiceEntry[] }): ReactNode {
  const { index } = useExplorer();
  const sorted = [...services].sort((a, b) => serviceName(a.key).localeCompare(serviceName(b.key), "en"));
  return (
    <table>
      <caption>{count(services.length, "service")}</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Publishes</th>
          <th scope="col">Handles</th>
          <th scope="col">Sends to</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((service) => (
          <tr key={service.key}>
            <th scope="row">
              <ServiceButton name={service.key} />
            </th>
            <td>{count(service.publishes.size, "event")}</td>
            <td>{count(service.handles.size, "event")}</td>
            <td>{sendsTo(service, services, index.events)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sendsTo(service: ServiceEntry, services: ServiceEntry[], events: Map<string, EventEntry>): string {
  const heard = (id: string) => [id, ...(events.get(id)?.linksOut.map((link) => link.target) ?? [])];
  return services
    .filter((other) => other !== service)
    .map((other) => ({ other, number: [...service.publishes].filter((id) => heard(id).some((target) => other.handles.has(target))).length }))
    .filter(({ number }) => number > 0)
    .map(({ other, number }) => `${serviceName(other.key)} (${number})`)
    .join(", ");
}

function Events({ events }: { events: EventEntry[] }): ReactNode {
  const { index, whole } = useExplorer();
  const [pages, setPages] = useState(1);
  const left = events.length - pages * PAGE;
  return (
    <>
      <table>
        <caption>{count(events.length, "event")}</caption>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Published by</th>
            <th scope="col">Handled by</th>
            <th scope="col">Leads to</th>
            <th scope="col">In tests</th>
          </tr>
        </thead>
        <tbody>
          {events.slice(0, pages * PAGE).map((entry) => (
            <tr key={entry.event.id}>
              <th scope="row">
                <EventButton id={entry.event.id} />
                <span className="quiet">{entry.event.transport}</span>
                <span className="tags">
                  <MarkTags id={entry.event.id} />
                </span>
              </th>
              <td>
                <Sites sites={entry.publishers} through={entry.linksIn.map((link) => link.source)} />
              </td>
              <td>
                <Sites sites={entry.handlers} through={entry.linksOut.map((link) => link.target)} />
              </td>
              <td>
                <Next ids={nextEvents(index, entry.event.id)} />
              </td>
              <td>{whole.events.get(entry.event.id)?.tests.length ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <button type="button" className="action" onClick={() => setPages(pages + 1)}>
          Show {Math.min(left, PAGE)} more of {left.toLocaleString("en")}
        </button>
      )}
    </>
  );
}

/** `through` are the events that links join to this one, whose sites count here as well. */
function Sites({ sites, through }: { sites: Site[]; through: string[] }): ReactNode {
  const { dispatch } = useExplorer();
  if (sites.length + through.length === 0) return <span className="quiet">nobody</span>;
  return (
    <ul>
      {sites.slice(0, CELL).map((site) => (
        <li key={site.id}>
          <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "site", id: site.id } })}>
            <Name text={site.symbol} />
          </button>{" "}
          <CertaintyTag certainty={site.certainty} />
        </li>
      ))}
      {sites.length > CELL && <li className="quiet">and {sites.length - CELL} more</li>}
      {through.slice(0, CELL).map((id) => (
        <li key={id}>
          <span className="quiet">through</span> <EventButton id={id} />
        </li>
      ))}
      {through.length > CELL && <li className="quiet">and through {through.length - CELL} more</li>}
    </ul>
  );
}

function Next({ ids }: { ids: string[] }): ReactNode {
  return (
    <ul>
      {ids.slice(0, CELL).map((id) => (
        <li key={id}>
          <EventButton id={id} />
        </li>
      ))}
      {ids.length > CELL && <li className="quiet">and {ids.length - CELL} more</li>}
    </ul>
  );
}
