/**
 * Made from pubsub_devtools.model.graph by `make generate`; do not edit.
 *
 * The event graph: who publishes which event, who handles it, what follows, and the evidence for each claim.
 *
 * One value describes a whole code base across frameworks. It is what the analysis makes and what every renderer,
 * command, editor feature and documentation page reads. Its JSON form carries `format`; the JSON Schema and the
 * TypeScript types are generated from this module (`make generate`).
 */

/** How far a claim can be trusted: `sure` follows from the code, `likely` from a convention, `guess` from a name. */
export type Certainty = "sure" | "likely" | "guess";

export type Kind = "publish" | "handle" | "declare";

export type Delivery = "at-most-once" | "at-least-once" | "in-process";

/** Where an event comes from: this code, its framework (`post_save`), configuration, or another repository's graph. */
export type Origin = "workspace" | "builtin" | "external" | "linked";

/** Why what is published under one event reaches the handlers of another. */
export type LinkKind = "wildcard" | "binding" | "subclass";

/**
 * A stretch of source text.
 *
 * `path` is POSIX and relative to the graph's root. Lines count from 1; columns count Unicode code points from 0,
 * the end is exclusive.
 */
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

/** What a publisher or handler declares about delivery, as written in the code (`"3"`, `"settings.RETRIES"`). */
export interface Options {
  delay?: string;
  retries?: string;
  dead_letter?: string;
  idempotent?: string;
}

/**
 * One field of an event's payload that a handler reads or a publisher gives, and where.
 *
 * `name` is dotted where payloads nest (`customer.email`); indexes are left out (`items.sku`). `type` is what is
 * known of a given value, as a type is written (`int`, `str | None`); it is empty for what a handler reads.
 * `positional` tells a value that is given by its place among the arguments of a task.
 */
export interface FieldUse {
  name: string;
  place: Place;
  type?: string;
  positional?: boolean;
}

/** One field of a declared schema, or one parameter of a handler, with its type as written in the code. */
export interface Field {
  name: string;
  type: string;
  required?: boolean;
  default?: string;
}

/**
 * One publisher, handler or declaration: the place in the code where it stands.
 *
 * `place` is the publishing call, the handler's `def` or the declaring statement; `registered` is where a handler
 * was attached, when that is elsewhere. `symbol` is the qualified name inside the file (`Class.method`,
 * `<module>`). `reason` is the code of the rule behind `certainty`. `origin` names the repository that a
 * linked graph came from, and is empty for this one.
 *
 * `reads` are the fields that a handler reads, `passed_whole_to` the callables outside the workspace that get its
 * whole message, so that more may be read. `takes` are a handler's parameters where each of them is a field (tasks,
 * signals), those that take any number with their stars (`**kwargs`). `keys` are the fields that a publisher gives; `open` tells that it may
 * give more. Fields are looked for when they are asked for.
 */
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
  reads?: FieldUse[];
  passed_whole_to?: string[];
  takes?: Field[] | null;
  keys?: FieldUse[];
  open?: boolean;
}

/** One declared shape of an event's payload. `version` is empty where the code names none. */
export interface SchemaVersion {
  symbol: string;
  place: Place;
  version?: string;
  fields?: Field[];
  doc?: string;
}

/** One event: a name on a transport. `id` is `transport:name`; `pattern` tells that the name holds wildcards. */
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

/**
 * A handler goes on to publish: from site `handler` to site `publisher`.
 *
 * `hops` are the calls on the way, from the handler's body to the function that publishes; empty when the handler's
 * own body publishes.
 */
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

/** A deployable or logical part of the code: a package, or what the configuration names. */
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

/** The event graph of one root directory. Every tuple is sorted, so the same tree gives the same bytes. */
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
