import type { PackedNode, PackedStatement } from "../shared/rows.js";

/** A node or an edge as vis-network draws it; its id is `n` or `e` with its number. */
export interface Item {
  id: string;

  [option: string]: any;
}

/** Both ends as positions among the entities, verb, status, its words, rest, scope, and positions of its statements. */
export type PackedRelation = [
  from: number, to: number, verb: string, status: string, words: string, rest: string, scope: string, said: number[],
];

/** The evidence of a large network, whose page has no rows for it. */
export interface PackedEvidence {
  entities: PackedNode[];
  relations: PackedRelation[];
  statements: PackedStatement[];
}

declare global {

  const vis: any;
}

/** The data of the page for this script, as graphkit/view/vis/page.py writes it. */
export interface PageData {
  nodes: Item[];
  edges: Item[];
  common: Record<"nodes" | "edges", Record<string, object>>;
  /** The ids of the edges whose label has space. */
  labelled: string[];
  /** The polarity of each edge. */
  polarities: string[];
  evidence?: PackedEvidence;
  /** The options of a pyvis network. */
  options?: object;
  look?: { height: string; width: string; background: string; filter: boolean };
}
