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

export type ScalarName = "null" | "bool" | "int" | "float" | "decimal" | "str" | "bytes" | "date" | "datetime" | "time" | "timedelta" | "uuid";

export type Collection = "list" | "set" | "tuple";

export type Extra = "ignore" | "forbid" | "allow";

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
 * signals), those that take any number with their stars (`**kwargs`). `keys` are the fields that a publisher gives;
 * `open` tells that it may give more. `schema` is the symbol of the schema that it gives or takes, where the code
 * names one. Fields are looked for when they are asked for.
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
  schema?: string;
}

/**
 * One shape of an event's payload: declared, or, where nothing declares one, `inferred` from what publishers give.
 *
 * `version` is empty where the code names none. `type` tells the fields as values that can be compared; it is
 * looked for together with the fields of sites. `members` are what the class has besides: methods and properties.
 */
export interface SchemaVersion {
  symbol: string;
  place: Place;
  version?: string;
  fields?: Field[];
  doc?: string;
  type?: Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref | null;
  members?: string[];
  inferred?: boolean;
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

/** What a value must satisfy beyond its kind, named as in pydantic and annotated-types. */
export interface Limits {
  ge?: number | null;
  gt?: number | null;
  le?: number | null;
  lt?: number | null;
  multiple_of?: number | null;
  min_length?: number | null;
  max_length?: number | null;
  pattern?: string | null;
}

/** `Any` or `object`: every value, by declaration. */
export interface Anything {
  kind: "any";
}

/** A type that could not be told, or that this language cannot express. `name` is its name in the code. */
export interface Unknown {
  kind: "unknown";
  name?: string;
}

/** A single value. */
export interface Scalar {
  kind: "scalar";
  name: ScalarName;
  limits?: Limits;
}

/** An enum or `Literal`: the values as they are written in JSON, sorted, each once. `None` stands beside it in a union. */
export interface Choice {
  kind: "choice";
  values: (boolean | number | string)[];
}

/** Any number of items of one type. `of` is what Python code gets: a list (any sequence), a set, a tuple. */
export interface Array {
  kind: "array";
  of: Collection;
  items: Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref;
  limits?: Limits;
}

/** A fixed number of items, each of its own type. */
export interface Tuple {
  kind: "tuple";
  items: (Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref)[];
}

/** Any number of keys of one type to values of one type. */
export interface Map {
  kind: "map";
  key: Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref;
  value: Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref;
  limits?: Limits;
}

/** A value of any of these types. `X | None` is a union with the scalar `null`. Made by `schema.unions.union_of`. */
export interface Union {
  kind: "union";
  members: (Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref)[];
}

/**
 * One named field of a record.
 *
 * `required`: a reader refuses a message without it. A field with `default` is filled in by a reader where it is
 * missing, and usually written by a writer; one with neither may be absent on both sides (`NotRequired`). `aliases`
 * are other names under which a reader takes it.
 */
export interface RecordField {
  name: string;
  type: Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref;
  required?: boolean;
  default?: boolean;
  aliases?: string[];
}

/**
 * Named fields: a model, a dataclass, a `TypedDict`, the parameters of a function.
 *
 * `positional` tells a `NamedTuple`, whose fields have names in code and places alone in a message.
 */
export interface Record {
  kind: "record";
  name: string;
  fields?: RecordField[];
  extra?: Extra;
  positional?: boolean;
}

/** The nearest enclosing record of this name: how a recursive type refers to itself. */
export interface Ref {
  kind: "ref";
  name: string;
}
