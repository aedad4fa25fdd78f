/** All that is known of one event. */

import type { ReactNode } from "react";
import type { Link, SchemaVersion, Site } from "../../generated/graph";
import { publishedBy, sagasOf, type EventEntry } from "../../graph/index";
import { useExplorer } from "../explorer";
import { Icon } from "../icons";
import { CertaintyTag, EventButton, EvidenceList, Facts, MarkTags, Name, PlaceLink, Section, SiteLine } from "../parts";

export function EventDetails({ entry }: { entry: EventEntry }): ReactNode {
  const { whole, view, dispatch, marks } = useExplorer();
  const { event, publishers, handlers, tests, declarations } = entry;
  const isFocus = view.focus.kind === "event" && view.focus.id === event.id;
  const cycle = marks.cycles.get(event.id);
  const sagas = sagasOf(whole, entry);
  const facts: [string, ReactNode][] = [
    ["Transport", event.transport],
    ["Dialect", event.dialects.join(", ")],
    ["Delivery", event.delivery ?? "in-process"],
  ];
  if (event.origin && event.origin !== "workspace") facts.push(["Origin", event.origin === "builtin" ? "built in, from the framework" : event.origin]);
  if (event.pattern) facts.push(["Name", "holds wildcards"]);
  if (event.aliases?.length) facts.push(["Also called", event.aliases.join(", ")]);

  return (
    <>
      <h2>
        <Icon name="event" />
        <Name text={event.name} />
      </h2>
      <div className="tags">
        <MarkTags id={event.id} />
      </div>
      {event.doc && <p>{event.doc}</p>}
      {!isFocus && (
        <button type="button" className="action" onClick={() => dispatch({ type: "focus", focus: { kind: "event", id: event.id } })}>
          <Icon name="focus" />
          Show its flow
        </button>
      )}
      <Facts rows={facts} />
      <Section title="Published by" count={publishers.length}>
        {publishers.length === 0 ? <p className="quiet">{nobody(entry, "publishes")}</p> : <SiteList sites={publishers} />}
      </Section>
      <Section title="Handled by" count={handlers.length}>
        {handlers.length === 0 ? (
          <p className="quiet">{nobody(entry, "handles")}</p>
        ) : (
          <ul className="lines">
            {handlers.map((site) => (
              <SiteLine key={site.id} site={site}>
                <GoesOn handler={site} />
              </SiteLine>
            ))}
          </ul>
        )}
      </Section>
      {cycle && (
        <Section title="Cycle" count={cycle.length}>
          <ul className="lines">
            {cycle.map((id) => (
              <li key={id}>
                <EventButton id={id} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {(event.schemas ?? []).length > 0 && (
        <Section title="Schemas" count={event.schemas?.length ?? 0}>
          {event.schemas?.map((schema) => <Schema key={`${schema.symbol} ${schema.version ?? ""}`} schema={schema} />)}
        </Section>
      )}
      {entry.linksOut.length + entry.linksIn.length > 0 && (
        <Section title="Links">
          <ul className="lines">
            {entry.linksOut.map((link) => (
              <LinkLine key={link.target} link={link} other={link.target} words="reaches the handlers of" />
            ))}
            {entry.linksIn.map((link) => (
              <LinkLine key={link.source} link={link} other={link.source} words="also hears" />
            ))}
          </ul>
        </Section>
      )}
      {sagas.length > 0 && (
        <Section title="Sagas">
          {sagas.map((saga) => (
            <p key={saga.name}>
              <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "saga", id: saga.name } })}>
                {saga.name}
              </button>
            </p>
          ))}
        </Section>
      )}
      {declarations.length > 0 && (
        <Section title="Declared at" count={declarations.length}>
          <SiteList sites={declarations} />
        </Section>
      )}
      {tests.length > 0 && (
        <Section title="In tests" count={tests.length}>
          <SiteList sites={tests} />
        </Section>
      )}
    </>
  );
}

function nobody({ event, linksIn, linksOut }: EventEntry, verb: "publishes" | "handles"): string {
  if (event.origin === "builtin" && verb === "publishes") return "The framework publishes it.";
  if (event.origin === "external") return "The configuration says: outside of this code.";
  if ((verb === "publishes" ? linksIn : linksOut).length > 0) return `Nobody ${verb} it by its own name; see the links.`;
  return `Nobody that could be found ${verb} it.`;
}

function SiteList({ sites }: { sites: readonly Site[] }): ReactNode {
  return (
    <ul className="lines">
      {sites.map((site) => (
        <SiteLine key={site.id} site={site} />
      ))}
    </ul>
  );
}

function GoesOn({ handler }: { handler: Site }): ReactNode {
  const { whole } = useExplorer();
  const events = publishedBy(whole, handler.id);
  return events.length === 0 ? null : (
    <div className="under">
      goes on to publish{" "}
      {events.map((id, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <EventButton id={id} />
        </span>
      ))}
    </div>
  );
}

function Schema({ schema }: { schema: SchemaVersion }): ReactNode {
  return (
    <div className="schema">
      <div className="row">
        <strong>{schema.symbol}</strong>
        {schema.version && <span className="tag">version {schema.version}</span>}
      </div>
      <PlaceLink place={schema.place} />
      {schema.doc && <p>{schema.doc}</p>}
      {(schema.fields ?? []).length > 0 && (
        <table className="fields">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Type</th>
            </tr>
          </thead>
          <tbody>
            {schema.fields?.map((field) => (
              <tr key={field.name}>
                <th scope="row">{field.name}</th>
                <td>
                  <code>{field.type}</code>
                  {field.required === false && <span className="quiet"> optional{field.default && `, ${field.default}`}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function LinkLine({ link, other, words }: { link: Link; other: string; words: string }): ReactNode {
  return (
    <li>
      {words} <EventButton id={other} /> <span className="tag">{link.kind}</span> <CertaintyTag certainty={link.certainty ?? "sure"} />
      {link.evidence && <EvidenceList steps={link.evidence} />}
    </li>
  );
}
