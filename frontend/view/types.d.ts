import type { Entity, Relation, Statement } from "../shared/types";

declare global {
  /** Whether the page is an overview of groups: it has no pairs, signs, cards, dates or statements in its tables. */
  const GROUPED: boolean;
}

export interface GraphNode extends Entity {
  mark: SVGGElement;
  row: HTMLTableRowElement;
  x: number;
  y: number;
  /** Where it is drawn: at its position, or on the way there. */
  place: Point;
  /** Its position in the opening picture, and among all nodes, unless the reader moves it. */
  home: Point;
  all: Point;
  /** Whether it is not in the opening picture. */
  isMore: boolean;
  narrow?: Point;
  radius: number;
  /** Its label as drawn, the number of lines, and the number of letters in the longest line. */
  label: string;
  lines: number;
  letters: number;
  edges: GraphEdge[];
  pairs: Pair[];
}

export interface GraphEdge extends Relation {
  mark: SVGGElement;
  body: HTMLTableSectionElement;
  from: GraphNode;
  to: GraphNode;
  policies: string[];
  bend: number;
  pair?: Pair;
  /** The sign on its line that opens both sides of a dispute. */
  badge?: SVGGElement;
  /** Where on its line the sign is, and its label. */
  share?: number;
}

/** A part of the picture that the arrows of the keyboard reach. */
export interface Stop {
  key: string;
  mark: SVGGElement;
  x: number;
  y: number;
}

/** Two nodes with several edges between them, which are one line unless it is chosen. */
export interface Pair {
  key: string;
  mark: SVGGElement;
  from: GraphNode;
  to: GraphNode;
  bend: number;
  edges: GraphEdge[];
  /** The number on its line, and where it is. */
  badge: SVGGElement;
  share?: number;
}

export type Point = [x: number, y: number];
export type Box = [left: number, top: number, width: number, height: number];
export type Group = "kind" | "status" | "polarity" | "relation" | "stance" | "speaker" | "source";

/** The state of a view, as the address stores it; the fields have the same names. */
export interface State {
  at: string[];
  hops: number;
  to: string;
  off: Record<Group, Set<string>>;
  since: string;
  until: string;
  undated: boolean;
  q: string;
  policy: string;
  hidden: Set<string>;
  pins: Map<string, Point>;
  box: Box | null;
  sort: string;
  /** "all" for every node; otherwise only those of the opening picture. */
  scope: string;
  /** The story and the number of its step, such as `story/3`. */
  story: string;
}

/** The part of the graph that a state shows. */
export interface Shown {
  /** Whether only the nodes of the opening picture can be shown. */
  isOpening: boolean;
  nodes: Set<GraphNode>;
  edges: Set<GraphEdge>;
  statements: Set<Statement>;
  path: GraphEdge[];
}

/** A step of a story: its text, and its state as a fragment. */
export interface Step {
  text: string;
  state: string;
}
