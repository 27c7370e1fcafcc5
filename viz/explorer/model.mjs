/**
 * The graph as the page knows it: what stands in the data, and what follows from it.
 *
 * @typedef {import("./format.mjs").Entry} Entry
 *
 * @typedef {object} Picture  a matrix in coarse blocks
 * @property {number} rows
 * @property {number} columns
 * @property {Entry[]} values  in C order
 *
 * @typedef {object} Numbers  an array
 * @property {number[]} shape
 * @property {string} dtype
 * @property {Entry[]} [data]  in C order; not there when there are too many
 * @property {Picture} [picture]  when the array is not small, and with it the summary
 * @property {Entry} [min]
 * @property {Entry} [max]
 * @property {Entry} [mean]
 * @property {Entry} [norm]
 * @property {number} [notFinite]
 *
 * @typedef {object} Matrix  a local Jacobian, (out.size, in.size)
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number, Entry][]} [cells]  [row, column, entry] of those that are not zero
 * @property {Picture} [picture]  where there are too many cells
 *
 * @typedef {string | [string, Record<string, string>, ...any[]]} Tree  text, or [element, attributes, ...children]
 *
 * @typedef {object} Fold
 * @property {number} count  of nodes
 * @property {[string, number][]} ops  how often each occurs
 * @property {Entry | null} norm  of all their gradients
 * @property {[number, string[]] | null} repeated  how often a block of ops comes again, and the block
 *
 * @typedef {object} Node
 * @property {number} id
 * @property {number} scope
 * @property {string} name
 * @property {Fold} [fold]  of a box that stands for many nodes
 * @property {string} [op]
 * @property {string} [label]
 * @property {string} [role]
 * @property {string} [form]
 * @property {number | null} [sweep]
 * @property {Numbers} [value]
 * @property {Numbers | null} [grad]
 * @property {Tree[] | null} [derivation]
 *
 * @typedef {object} Edge  from u, argument `arg` of v
 * @property {number} u
 * @property {number} v
 * @property {number} arg
 * @property {number} [count]  of an edge at a box: for how many edges it stands, and `norm`
 * @property {Entry | null} [norm]
 * @property {string | null} [jacobian]
 * @property {string} [pulls]
 * @property {Matrix | null} [matrix]
 * @property {Numbers | null} [contribution]
 *
 * @typedef {object} Layer  of a network's run
 * @property {number} layer
 * @property {number} a
 * @property {number} [z]
 * @property {number} [theta]  the Θ whose product z is
 *
 * @typedef {object} Data
 * @property {number} output
 * @property {boolean} swept
 * @property {number} total
 * @property {number} limit
 * @property {number[]} steps
 * @property {{name: string, parent: number | null}[]} scopes
 * @property {Node[]} nodes
 * @property {Edge[]} edges
 * @property {Layer[]} layers
 * @property {number} sample  which sample the units show
 * @property {Record<string, string[]>} [sums]  "3-2" → how unit 2 of layer 3 comes to its z, a and δ
 *
 * @typedef {object} Model
 * @property {Data} data
 * @property {Map<number, Node>} nodes
 * @property {Map<number, Edge[]>} into  the edges from a node's arguments, in their order
 * @property {Map<number, Edge[]>} outOf  the edges to a node's consumers
 */

import { counted } from "./format.mjs";

/** @param {Data} data @returns {Model} */
export function modelOf(data) {
  const model = {
    data,
    nodes: new Map(data.nodes.map((node) => [node.id, node])),
    into: new Map(data.nodes.map((node) => [node.id, /** @type {Edge[]} */ ([])])),
    outOf: new Map(data.nodes.map((node) => [node.id, /** @type {Edge[]} */ ([])])),
  };
  for (const edge of data.edges) {
    model.into.get(edge.v)?.push(edge);
    model.outOf.get(edge.u)?.push(edge);
  }
  for (const edges of model.into.values()) edges.sort((a, b) => a.arg - b.arg);
  return model;
}

/** @param {Model} model @param {number} id @returns {Node} */
export function nodeOf(model, id) {
  const node = model.nodes.get(id);
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return node;
}

/**
 * What a node is called: its name, or what it is and its number.
 * @param {Model} model
 * @param {number} id
 */
export function called(model, id) {
  const node = nodeOf(model, id);
  if (node.name) return node.name;
  return `${node.fold ? "folded nodes" : node.op || node.role} #${id}`;
}

/**
 * What a node is, in a few words: "z³ = matmul(Θ², [1; a²])".
 * @param {Model} model
 * @param {number} id
 */
export function equation(model, id) {
  const node = nodeOf(model, id);
  if (node.fold) return `${called(model, id)}: ${counted(node.fold.count, "node")} folded`;
  if (!node.op) return `${called(model, id)}: ${node.role}`;
  const inputs = (model.into.get(id) ?? []).map((edge) => called(model, edge.u));
  return `${called(model, id)} = ${node.op}(${inputs.join(", ")})`;
}

/** @param {Edge} edge  the key that names it here and in the drawing */
export function edgeKey(edge) {
  return `${edge.u}-${edge.v}-${edge.arg}`;
}

/** @param {Model} model @param {string} key @returns {Edge | undefined} */
export function edgeOf(model, key) {
  return model.data.edges.find((edge) => edgeKey(edge) === key);
}

/**
 * The nodes whose name or op has the words in it; superscripts may be typed as digits. Nothing typed finds nothing.
 * @param {Model} model
 * @param {string} words
 * @returns {Set<number>}
 */
export function search(model, words) {
  const wanted = plain(words);
  if (!wanted) return new Set();
  const fits = (/** @type {Node} */ node) => {
    const ops = node.fold ? node.fold.ops.map(([op]) => op) : [node.op ?? "", node.label ?? ""];
    return [node.name, ...ops].some((text) => plain(text).includes(wanted));
  };
  return new Set(model.data.nodes.filter(fits).map((node) => node.id));
}

/**
 * The outermost folded scope that a scope lies in, itself included; null if none.
 * @param {Model} model
 * @param {number} scope
 * @param {ReadonlySet<number>} folded
 * @returns {number | null}
 */
export function foldedAround(model, scope, folded) {
  let found = null;
  for (let at = /** @type {number | null} */ (scope); at; at = model.data.scopes[at]?.parent ?? null) {
    if (folded.has(at)) found = at;
  }
  return found;
}

/**
 * The nodes in a scope and in all that it holds.
 * @param {Model} model
 * @param {number} scope
 * @returns {Node[]}
 */
export function nodesIn(model, scope) {
  return model.data.nodes.filter((node) => foldedAround(model, node.scope, new Set([scope])) !== null);
}

/**
 * What a folded scope stands for: "5 nodes: matmul, sigmoid".
 * @param {Model} model
 * @param {number} scope
 */
export function scopeSummary(model, scope) {
  const nodes = nodesIn(model, scope);
  const size = nodes.reduce((sum, node) => sum + (node.fold?.count ?? 1), 0);
  const ops = [...new Set(nodes.flatMap((node) => (node.op ? [node.op] : [])))];
  const shown = ops.length > 4 ? [...ops.slice(0, 4), "…"] : ops;
  return `${counted(size, "node")}${shown.length ? `: ${shown.join(", ")}` : ""}`;
}

/**
 * The scopes from the outside in, as one text: "layer 3 / block".
 * @param {Model} model
 * @param {number} scope
 * @returns {string}
 */
export function scopePath(model, scope) {
  const { name, parent } = model.data.scopes[scope] ?? { name: "", parent: null };
  return parent ? `${scopePath(model, parent)} / ${name}` : name;
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}
