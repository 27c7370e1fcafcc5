/**
 * The reverse sweep, step by step. At step s the gradient of the s-th node is complete, for all its consumers came
 * before it; its local Jacobians carry it back to its arguments. Step 0 is the forward pass alone.
 */

import { counted } from "./format.mjs";
import { called, edgeKey, nodeOf } from "./model.mjs";
import { gradientText, termText, termsOf } from "./sums.mjs";

/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {import("./model.mjs").Edge} Edge */

/**
 * @typedef {object} State  what is known at a step
 * @property {number | null} active  the node of this step
 * @property {Set<number>} known  nodes whose gradient is complete
 * @property {Set<number>} begun  nodes that have some of their contributions
 * @property {Set<string>} passed  keys of the edges that have passed something back
 * @property {Set<string>} passing  of those, the ones of this step
 * @property {Set<string>} summed  keys of the edges whose contributions make the active node's gradient
 */

/** @param {Model} model  how many steps its sweep has; none without a sweep */
export function lastStep(model) {
  return model.data.swept ? model.data.steps.length : 0;
}

/** @param {Model} model @param {number} step @returns {State} */
export function stateAt(model, step) {
  const visited = model.data.steps.slice(0, step);
  const active = visited.at(-1) ?? null;
  const known = new Set(visited);
  /** @type {State} */
  const state = { active, known, begun: new Set(), passed: new Set(), passing: new Set(), summed: new Set() };
  for (const id of model.data.steps) {
    const terms = termsOf(model, id);
    const done = terms.filter((edge) => known.has(edge.v));
    for (const edge of done) state.passed.add(edgeKey(edge));
    for (const edge of done) if (edge.v === active) state.passing.add(edgeKey(edge));
    if (id === active) state.summed = new Set(terms.map(edgeKey));
    if (done.length > 0 && !known.has(id)) state.begun.add(id);
  }
  return state;
}

/**
 * What happens at a step, in one or two sentences.
 * @param {Model} model
 * @param {number} step
 * @returns {string}
 */
export function stepText(model, step) {
  const last = lastStep(model);
  if (last === 0) return "No backward yet: gradients come with .backward().";
  if (step === 0) return `Step 0 of ${last}: the forward pass. All values are known, no gradient is.`;
  const { active, passing } = stateAt(model, step);
  if (active === null) return "";
  const text = completed(model, active);
  const to = [...new Set(model.data.edges.filter((edge) => passing.has(edgeKey(edge))).map((edge) => edge.u))];
  const back = to.length ? ` It passes back to ${to.map((id) => called(model, id)).join(" and ")}.` : "";
  return `Step ${step} of ${last}: ${text}.${back}`;
}

/** How a node's gradient has come about. @param {Model} model @param {number} id */
function completed(model, id) {
  const terms = termsOf(model, id);
  const { fold } = nodeOf(model, id);
  if (fold) return `the box of ${counted(fold.count, "folded node")} has all its gradients`;
  if (id === model.data.output) return `${gradientText(model, id)} = 1`;
  if (terms.length === 0) return `nothing has come back to ${called(model, id)}`;
  const many = terms.length > 1 ? `, the sum of ${counted(terms.length, "contribution")}` : "";
  return `${gradientText(model, id)} = ${terms.map((edge) => termText(model, edge)).join(" + ")}${many}`;
}
