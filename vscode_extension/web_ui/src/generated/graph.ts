/**
 * The event graph as it stands in JSON: one interface for each Struct of `pubsub_devtools.model.graph`, of the same name.
 *
 * A field with a `?` is left out of the JSON when it has its default value.
 */

/** How far a claim can be trusted: `sure` follows from the code, `likely` from a convention, `guess` from a name. */
export type Certainty = "sure" | "likely" | "guess";
export type Kind = "publish" | "handle" | "declare";
export type Delivery = "at-most-once" | "at-least-once" | "in-process";
/** Where an event comes from: this code, its framework, configuration, or another repository's graph. */
export type Origin = "workspace" | "builtin" | "external" | "linked";
/** Why what is published under one event reaches the handlers of another. */
export type LinkKind = "wildcard" | "binding" | "subclass";

/** A stretch of source text. Lines count from 1, columns from 0; the end is exclusive. */
export interface Place {
  path: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

/** One step of the reasoning that led to a claim, in words and at a place. */
export interface Evidence {
  note: string;
  place: Place;
}

/** What a publisher or handler declares about delivery, as written in the code. */
export interface Options {
  delay?: string;
  retries?: string;
  dead_letter?: string;
  idempotent?: string;
}

/** One publisher, handler or declaration: the place in the code where it stands. */
export interface Site {
  id: string;
  kind: Kind;
  event: string;
  dialect: string;
  symbol: string;
  place: Place;
  certainty: Certainty;
  reason: string;
  registered?: Place | null;
  service?: string;
  in_tests?: boolean;
  evidence?: Evidence[];
  options?: Options;
  origin?: string;
}

/** One field of a declared schema, with its type as written in the code. */
export interface Field {
  name: string;
  type: string;
  required?: boolean;
  default?: string;
}

/** One declared shape of an event's payload. */
export interface SchemaVersion {
  symbol: string;
  place: Place;
  version?: string;
  fields?: Field[];
  doc?: string;
}

/** One event: a name on a transport. */
export interface Event {
  id: string;
  name: string;
  transport: string;
  dialects: string[];
  origin?: Origin;
  delivery?: Delivery;
  aliases?: string[];
  schemas?: SchemaVersion[];
  pattern?: boolean;
  doc?: string;
}

/** What is published under `source` also reaches the handlers of `target`. */
export interface Link {
  source: string;
  target: string;
  kind: LinkKind;
  certainty?: Certainty;
  evidence?: Evidence[];
}

/** A handler goes on to publish: from site `handler` to site `publisher`; `hops` are the calls on the way. */
export interface Flow {
  handler: string;
  publisher: string;
  certainty?: Certainty;
  hops?: Evidence[];
}

/** One step of a declared saga and the name of the action that compensates it. */
export interface Step {
  name: string;
  place: Place;
  compensation?: string;
}

/** A declared saga: its steps in the order of the code. */
export interface Saga {
  name: string;
  symbol: string;
  place: Place;
  steps?: Step[];
}

/** A deployable or logical part of the code. */
export interface Service {
  name: string;
  path: string;
}

/** A site that was seen but whose event could not be named, why, and what would help. */
export interface Unnamed {
  kind: Kind;
  dialect: string;
  symbol: string;
  place: Place;
  reason: string;
  hint: string;
}

/** A file that could not be read whole, and what was done about it. */
export interface Problem {
  path: string;
  line: number;
  code: string;
  message: string;
}

/** What the analysis looked at: all files found, those read for events, and sites seen and named. */
export interface Coverage {
  files: number;
  files_read: number;
  sites: number;
  named: number;
}

/** The event graph of one root directory. */
export interface EventGraph {
  root: string;
  format: 1;
  events: Event[];
  sites: Site[];
  links: Link[];
  flows: Flow[];
  sagas: Saga[];
  services: Service[];
  unnamed: Unnamed[];
  problems: Problem[];
  coverage: Coverage;
}
