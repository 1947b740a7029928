import type { PackedNode, PackedStatement } from "../shared/rows.js";

/** A node or an edge as vis-network draws it; its id is `n` or `e` with its number. */
export interface Item {
  id: string;

  [option: string]: any;
}

/** The ends as numbers of entities, label, status, scope, and the statements as numbers. */
export type PackedRelation = [from: number, to: number, label: string, status: string, scope: string, said: number[]];

/** The evidence of a large network, which has no rows for all of it. */
export interface PackedEvidence {
  entities: PackedNode[];
  relations: PackedRelation[];
  statements: PackedStatement[];
}

declare global {

  const vis: any;
}

/** What the page carries for this script, as graphkit/view/vis/page.py writes it. */
export interface PageData {
  nodes: Item[];
  edges: Item[];
  common: Record<"nodes" | "edges", Record<string, object>>;
  /** The ids of the edges that have room for their label. */
  labelled: string[];
  /** The polarity of each edge. */
  polarities: string[];
  evidence?: PackedEvidence;
  /** What was configured in a pyvis network. */
  options?: object;
  look?: { height: string; width: string; background: string; filter: boolean };
}
