// The records that the pages of views read from their tables.

export interface Statement {
  id: string;
  row: HTMLTableRowElement;
  speaker: string;
  /** The words of its stance after its speaker. */
  act: string;
  stance: string;
  gist: string;
  said: string;
  source: string;
  /** The first and the last day on which the statement may have been made, as YYYY-MM-DD; empty where open. */
  first: string;
  last: string;
  disputes: Dispute[];
}

export interface Dispute {
  item: HTMLElement;
  account: string;
  one: Statement[];
  other: Statement[];
}

export interface Entity {
  key: string;
  name: string;
  kind: string;
  /** Other names, joined by " · ". */
  also: string;
  iri: string;
  edges: Relation[];
  /** Statements about the entity that name no second entity and so cannot become an edge. */
  alone: Statement[];
}

export interface Relation {
  key: string;
  from: Entity;
  to: Entity;
  statements: Statement[];
  relation: string;
  status: string;
  /** The words after its second end, such as a sum, or what a third party denies of it. */
  rest: string;
  /** The words of its status, such as planned, disputed; empty if the relation names it, or if it is plainly reported. */
  words: string;
  polarity: string;
  scope: string;
}
