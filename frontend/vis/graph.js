// The entities and relations of the page, by the ids under which vis-network draws them: n0, n1 … and e0, e1 …
import { byId } from "../shared/element.js";
import { unpackStatement } from "../shared/rows.js";
import {
  readDisputes, readEntity, readHead, readShared, rowsOfTable, statementsOf, table,
} from "../shared/tables.js";

/** @import { Entity, Relation } from "../shared/types" */
/** @import { PackedEvidence } from "./types" */

/** @type {Map<string, Entity>} */
export const entities = new Map();
/** @type {Map<string, Relation>} */
export const relations = new Map();
/** @type {Map<string, HTMLTableSectionElement>} The rows of relations; a large network lists only some of them. */
export const bodies = new Map();
/** @type {Map<string, string>} The ids of entities by their keys, the targets of links in the tables. */
export const idsByKey = new Map();

/** @param {Entity} entity */
function addEntity(entity) {
  const id = `n${entities.size}`;
  entities.set(id, entity);
  idsByKey.set(entity.key, id);
}

/** @param {Omit<Relation, "key">} parts */
function addRelation(parts) {
  const relation = { ...parts, key: `e${relations.size}` };
  relations.set(relation.key, relation);
  relation.from.edges.push(relation);
  if (relation.to !== relation.from) relation.to.edges.push(relation);
  return relation;
}

/**
 * Reads the tables, which list everything in the order of the picture.
 * @param {string[]} polarities
 */
export function readGraph(polarities) {
  readShared();
  const base = byId("base")?.textContent ?? "";
  for (const row of rowsOfTable("entities")) addEntity(readEntity(row, base));
  /** @param {string} key */
  const entityOf = (key) => /** @type {Entity} */ (entities.get(idsByKey.get(key) ?? ""));
  for (const body of table("relations").tBodies) {
    const statements = statementsOf(body);
    const { from, to, ...head } = readHead(body);
    if (body.dataset.of) entityOf(from).alone = statements;
    else {
      const polarity = polarities[relations.size];
      const ends = { from: entityOf(from), to: entityOf(to) };
      bodies.set(addRelation({ ...head, ...ends, statements, polarity }).key, body);
    }
  }
  readDisputes();
}

/**
 * Reads the packed evidence of a large network.
 * @param {PackedEvidence} packed
 * @param {string[]} polarities
 */
export function unpackGraph(packed, polarities) {
  for (const [key, name, , kind, also, iri] of packed.entities) {
    addEntity({ key, name, kind, also, iri, edges: [], alone: [] });
  }
  const statements = packed.statements.map(unpackStatement);
  const all = [...entities.values()];
  packed.relations.forEach(([from, to, relation, status, words, rest, scope, said], i) => addRelation({
    from: all[from], to: all[to], relation, status: status || "reported", words, rest, scope, polarity: polarities[i],
    statements: said.map((number) => statements[number]),
  }));
}
