/** One publisher, handler or declaration, and why it is believed. */

import type { ReactNode } from "react";
import type { Options, Site } from "../../generated/graph";
import { serviceOf } from "../../graph/names";
import { useExplorer } from "../explorer";
import { Icon } from "../icons";
import { EventButton, EvidenceList, Facts, Name, PlaceLink, Section, ServiceButton } from "../parts";
import { FlowLines } from "./FlowLines";

const WORDS = {
  publish: { noun: "publisher", verb: "Publishes" },
  handle: { noun: "handler", verb: "Handles" },
  declare: { noun: "declaration", verb: "Declares" },
};

const OPTIONS: Record<keyof Options, string> = { delay: "Delay", retries: "Retries", dead_letter: "Dead letters", idempotent: "Idempotent" };

export function SiteDetails({ site }: { site: Site }): ReactNode {
  const { whole } = useExplorer();
  const { noun, verb } = WORDS[site.kind];
  const rows: [string, ReactNode][] = [
    [verb, <EventButton key="event" id={site.event} />],
    ["Where", <PlaceLink key="place" place={site.place} />],
  ];
  if (site.registered) rows.push(["Registered", <PlaceLink key="registered" place={site.registered} />]);
  rows.push(["Service", <ServiceButton key="service" name={serviceOf(site)} />], ["Dialect", site.dialect]);
  if (site.origin) rows.push(["From", `the graph of ${site.origin}`]);
  if (site.in_tests) rows.push(["Tests", "stands in tests, and does not count"]);
  for (const key of Object.keys(OPTIONS) as (keyof Options)[]) {
    const value = site.options?.[key];
    if (value) rows.push([OPTIONS[key], <code key={key}>{value}</code>]);
  }
  const onward = whole.flowsFrom.get(site.id) ?? [];
  const before = whole.flowsTo.get(site.id) ?? [];
  return (
    <>
      <h2>
        <Icon name={site.kind === "declare" ? "event" : site.kind} />
        <Name text={site.symbol} />
      </h2>
      <p className="quiet">{noun}</p>
      <Facts rows={rows} />
      <Section title="Why this is believed">
        <p>
          <span className={`tag ${site.certainty}`}>{site.certainty}</span> by the rule <code>{site.reason}</code>
        </p>
        {site.evidence && site.evidence.length > 0 ? <EvidenceList steps={site.evidence} /> : <p className="quiet">The place itself is the evidence.</p>}
      </Section>
      {onward.length > 0 && (
        <Section title="Goes on to publish" count={onward.length}>
          <FlowLines flows={onward} end="publisher" />
        </Section>
      )}
      {before.length > 0 && (
        <Section title="Reached from" count={before.length}>
          <FlowLines flows={before} end="handler" />
        </Section>
      )}
    </>
  );
}
