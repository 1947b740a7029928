/** A term as in SPARQL results JSON. */
export interface Term {
  "type": string;
  "value": string;
  "datatype"?: string;
  "xml:lang"?: string;
}

export type Row = Partial<Record<string, Term>>;

export interface Answer {
  kind: "table" | "truth" | "graph";
  columns: string[];
  rows: Row[];
  /** Whether rows are missing because there were too many. */
  cut: boolean;
  /** The N-Triples of a graph. */
  source?: string;
  /** What a reader should know of the answer. */
  remarks?: string[];
}

export type Prefixes = Record<string, string>;

/** A parameter of a saved question. */
export interface Parameter {
  name: string;
  default: string;
  description: string;
}

export interface Question {
  name: string;
  title: string;
  why: string;
  topic: string;
  text: string;
  /** The columns that a row is about, if rows count statements and describe the latest one. */
  key: string[];
  parameters: Parameter[];
}

/** The data of the page: the names for completion, and the saved questions. */
export interface Known {
  base: string;
  nonce: string;
  prefixes: Prefixes;
  vocabulary: { name: string; label: string; comment: string }[];
  /** Each with its other names, if it has any. */
  entities: { id: string; label: string; also?: string[] }[];
  questions: Question[];
}

/** A request: a query, or a saved question by its name, with the values of its parameters. */
export interface Asked {
  text: string;
  name?: string;
  given?: Record<string, string>;
  declared?: Parameter[];
}

export interface Engine {
  name: string;
  ready: Promise<unknown>;
  ask(asked: Asked): Promise<Answer>;
  stop(): void;
}

/** The names of terms: labels, known prefixes, and the common beginning of the IRIs of our own pages. */
export interface Naming {
  labels: Map<string, string>;
  prefixes: Prefixes;
  base: string;
}

/** The engine and the graph, which a page without a server loads as scripts. */
export interface Packed {
  worker: string;
  wasm: string;
  data: string;
}

declare global {
  interface Window {
    graphkitEngine?: Omit<Packed, "data">;
    graphkitData?: string;
  }
}
