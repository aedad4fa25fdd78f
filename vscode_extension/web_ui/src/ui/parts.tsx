/** Small pieces that several panels use. */

import { Fragment, useRef, useState, type ReactNode } from "react";
import type { Certainty, Evidence, Place, Site } from "../generated/graph";
import { MARK_WORDS, type Mark } from "../graph/marks";
import { placeText, serviceName, serviceOf, splitName } from "../graph/names";
import { useExplorer } from "./explorer";
import { Icon, type IconName } from "./icons";

/** Long names break between their words rather than within them. */
export function Breakable({ text }: { text: string }): ReactNode {
  return text.split(/(?<=[_./:-])|(?<=[a-z0-9])(?=[A-Z])/).map((word, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}

/** A long dotted name: all of it, the last part loud. */
export function Name({ text }: { text: string }): ReactNode {
  const { prefix, tail } = splitName(text);
  return (
    <span className="name">
      {prefix && (
        <span className="quiet">
          <Breakable text={prefix} />
        </span>
      )}
      <Breakable text={tail} />
    </span>
  );
}

/** In a host a link to the code, else text with a button that copies it. */
export function PlaceLink({ place }: { place: Place }): ReactNode {
  const { host } = useExplorer();
  const text = placeText(place);
  const label = useRef<HTMLSpanElement>(null);
  const [copied, setCopied] = useState(false);
  if (host)
    return (
      <button type="button" className="place link" onClick={() => host.open(place)}>
        {text}
      </button>
    );
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // No clipboard here: select the text, so that the usual keys copy it.
      if (label.current) getSelection()?.selectAllChildren(label.current);
    }
  };
  return (
    <span className="place">
      <span ref={label}>{text}</span>
      <button type="button" className="bare copy" aria-label={`Copy ${text}`} title="Copy" onClick={() => void copy()}>
        {copied ? <span role="status">copied</span> : <Icon name="copy" />}
      </button>
    </span>
  );
}

export function CertaintyTag({ certainty }: { certainty: Certainty }): ReactNode {
  return certainty === "sure" ? null : <span className={`tag ${certainty}`}>{certainty}</span>;
}

export function MarkTag({ mark }: { mark: Mark }): ReactNode {
  return (
    <span className={`mark ${mark}`}>
      <Icon name={mark} />
      {MARK_WORDS[mark]}
    </span>
  );
}

export function MarkTags({ id }: { id: string }): ReactNode {
  const { marks } = useExplorer();
  return marks.of.get(id)?.map((mark) => <MarkTag key={mark} mark={mark} />);
}

/** The event's name; pressing it shows its details. */
export function EventButton({ id }: { id: string }): ReactNode {
  const { whole, dispatch } = useExplorer();
  const event = whole.events.get(id)?.event;
  if (!event) return <span className="quiet">{id}</span>;
  return (
    <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "event", id } })}>
      <Name text={event.name} />
    </button>
  );
}

export function ServiceButton({ name }: { name: string }): ReactNode {
  const { whole, dispatch } = useExplorer();
  if (!whole.services.has(name)) return serviceName(name);
  return (
    <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "service", id: name } })}>
      {serviceName(name)}
    </button>
  );
}

/** One publisher or handler in a list; pressing its symbol shows its evidence. */
export function SiteLine({ site, children, showEvent = false }: { site: Site; children?: ReactNode; showEvent?: boolean }): ReactNode {
  const { dispatch } = useExplorer();
  return (
    <li className="site-line">
      <div className="row">
        <Icon name={site.kind === "handle" ? "handle" : site.kind === "publish" ? "publish" : "event"} />
        <button type="button" className="link" onClick={() => dispatch({ type: "select", selected: { kind: "site", id: site.id } })}>
          <Name text={site.symbol} />
        </button>
        <CertaintyTag certainty={site.certainty} />
        <span className="quiet end">{serviceName(serviceOf(site))}</span>
      </div>
      {showEvent && (
        <div className="under">
          {site.kind === "publish" ? "publishes" : "handles"} <EventButton id={site.event} />
        </div>
      )}
      <div className="under">
        <PlaceLink place={site.place} />
      </div>
      {children}
    </li>
  );
}

export function EvidenceList({ steps }: { steps: readonly Evidence[] }): ReactNode {
  return (
    <ol className="evidence">
      {steps.map((step, at) => (
        <li key={at}>
          <span>{step.note}</span>
          <PlaceLink place={step.place} />
        </li>
      ))}
    </ol>
  );
}

export function Section({ title, count, children }: { title: string; count?: number; children: ReactNode }): ReactNode {
  return (
    <section className="section">
      <h3>
        {title}
        {count !== undefined && <span className="count">{count}</span>}
      </h3>
      {children}
    </section>
  );
}

export function Facts({ rows }: { rows: [string, ReactNode][] }): ReactNode {
  return (
    <dl className="facts">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function IconButton({ icon, label, onClick, disabled = false }: { icon: IconName; label: string; onClick: () => void; disabled?: boolean }): ReactNode {
  return (
    <button type="button" className="bare" aria-label={label} title={label} onClick={onClick} disabled={disabled}>
      <Icon name={icon} />
    </button>
  );
}
