/**
 * The sum of contributions (N5) with its numbers: what each consumer adds to a node's gradient, entry by entry.
 */

import { indexText, scalar, toNumber } from "./format.mjs";
import { called, nodeOf } from "./model.mjs";

/** @typedef {import("./format.mjs").Entry} Entry */
/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {import("./model.mjs").Edge} Edge */
/** @typedef {import("./model.mjs").Numbers} Numbers */

/**
 * The edges along which something was added to the node's gradient.
 * @param {Model} model
 * @param {number} id
 * @returns {Edge[]}
 */
export function termsOf(model, id) {
  return (model.outOf.get(id) ?? []).filter((edge) => edge.contribution || (edge.norm ?? null) !== null);
}

/**
 * The sum of one entry in numbers: "∂J/∂x = 3 + 3 = 6"; null where the numbers are too many to be in the page.
 * @param {Model} model
 * @param {number} id
 * @param {number} flat  the entry, counted from 0 in C order
 * @param {number} digits
 * @returns {string | null}
 */
export function sumText(model, id, flat, digits) {
  const total = nodeOf(model, id).grad?.data?.[flat];
  const terms = termsOf(model, id).map((edge) => edge.contribution?.data?.[flat]);
  if (total === undefined || terms.some((term) => term === undefined)) return null;
  const left = gradientText(model, id) + indexText(nodeOf(model, id).value?.shape ?? [], flat);
  if (terms.length === 0) return `${left} = ${scalar(total, digits)}`;
  const summands = terms.map((term) => scalar(/** @type {Entry} */ (term), digits));
  const sum = summands.map((term, k) => (k === 0 ? term : signed(term))).join("");
  return terms.length === 1 ? `${left} = ${sum}` : `${left} = ${sum} = ${scalar(total, digits)}`;
}

/**
 * How a node's gradient is written: "∂J/∂z³".
 * @param {Model} model
 * @param {number} id
 */
export function gradientText(model, id) {
  const cost = nodeOf(model, model.data.output).name || "J";
  const { name } = nodeOf(model, id);
  const by = id === model.data.output ? cost : name || `(${called(model, id)})`;
  return `∂${cost}/∂${by}`;
}

/**
 * What an edge adds, in symbols: "[Θ³]ᵀ · ∂J/∂z⁴".
 * @param {Model} model
 * @param {Edge} edge
 */
export function termText(model, edge) {
  const above = gradientText(model, edge.v);
  const { pulls } = edge;
  if (!pulls) return `a term from ${called(model, edge.v)}`;
  if (pulls.startsWith("·")) return `${above} ${pulls}`;
  return /^\w+$/.test(pulls) ? `${pulls}(${above})` : `${pulls} ${above}`;
}

/**
 * What an edge adds to one entry, as the local Jacobian makes it: the column of that entry, each with the consumer's
 * gradient. Null where the page lacks the numbers, or where the sum is not what the sweep added: where a node has a
 * stable form, that goes another way.
 * @param {Model} model
 * @param {Edge} edge
 * @param {number} flat
 * @returns {[Entry, Entry][] | null}
 */
export function products(model, edge, flat) {
  const above = nodeOf(model, edge.v).grad?.data;
  const added = edge.contribution?.data?.[flat];
  if (!edge.matrix?.cells || !above || added === undefined) return null;
  /** @type {[Entry, Entry][]} */
  const pairs = [];
  for (const [row, column, entry] of edge.matrix.cells) {
    const factor = above[row];
    if (column === flat && factor !== undefined) pairs.push([entry, factor]);
  }
  const sum = pairs.reduce((total, [a, b]) => total + toNumber(a) * toNumber(b), 0);
  const size = pairs.reduce((total, [a, b]) => total + Math.abs(toNumber(a) * toNumber(b)), 0);
  return Math.abs(sum - toNumber(added)) <= 1e-5 * size ? pairs : null;
}

/**
 * The products as text: "0.5 · 0.25 + (−1) · 2 = −1.875"; long sums are cut, and say so.
 * @param {readonly [Entry, Entry][]} pairs
 * @param {Entry} total
 * @param {number} digits
 */
export function productText(pairs, total, digits) {
  const shown = pairs.slice(0, 6).map(([a, b]) => `${bracketed(scalar(a, digits))} · ${bracketed(scalar(b, digits))}`);
  if (pairs.length > 6) shown.push(`… (${pairs.length} terms)`);
  return `${shown.join(" + ") || "0"} = ${scalar(total, digits)}`;
}

/**
 * The Euclidean norm of an array; null where the page lacks it.
 * @param {Numbers | null | undefined} array
 * @returns {Entry | null}
 */
export function norm(array) {
  if (!array) return null;
  if (array.norm !== undefined) return array.norm;
  return array.data ? Math.hypot(...array.data.map(toNumber)) : null;
}

/** @param {string} term  written as a further summand */
function signed(term) {
  return term.startsWith("−") ? ` − ${term.slice(1)}` : ` + ${term}`;
}

/** @param {string} factor */
function bracketed(factor) {
  return factor.startsWith("−") ? `(${factor})` : factor;
}
