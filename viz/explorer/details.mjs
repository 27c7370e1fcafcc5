/** Details: what the panel beside the diagram says of the chosen node or edge. */

import { count, counted, indexText, scalar, shapeText } from "./format.mjs";
import { called, edgeKey, equation, nodeOf, scopePath } from "./model.mjs";
import { norm, productText, products, sumText, termText, termsOf } from "./sums.mjs";
import { built, h } from "./dom.mjs";
import { arrayView, matrixView } from "./tables.mjs";

/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {import("./model.mjs").Edge} Edge */
/** @typedef {import("./model.mjs").Node} GraphNode */
/** @typedef {import("./format.mjs").Entry} Entry */

/**
 * @typedef {object} Panel  what the panel needs to know, and whom it tells
 * @property {Model} model
 * @property {number} digits
 * @property {number} entry  the chosen entry of the node's arrays
 * @property {(id: number) => void} chooseNode
 * @property {(key: string) => void} chooseEdge
 * @property {(flat: number) => void} chooseEntry
 */

/**
 * The panel of a node.
 * @param {Panel} panel
 * @param {number} id
 * @returns {Node[]}
 */
export function nodePanel(panel, id) {
  const { model } = panel;
  const node = nodeOf(model, id);
  if (node.fold) return boxPanel(panel, node);
  const about = [node.role, node.value ? `shape ${shapeText(node.value.shape)}` : "", node.value?.dtype ?? ""];
  if (node.scope) about.push(`in ${scopePath(model, node.scope)}`);
  return [
    h("h3", { class: "what" }, equation(model, id)),
    h("p", { class: "quiet" }, about.filter(Boolean).join(" · ")),
    ...(node.form ? [h("p", {}, `computed as ${node.form}, an equal form without loss of digits`)] : []),
    part("Value", node.value ? arrayView(node.value, look(panel, `value of ${called(model, id)}`)) : null),
    part("Gradient", ...gradient(panel, node)),
    part("Arguments", edgeList(panel, model.into.get(id) ?? [], "u")),
    part("Consumers", edgeList(panel, model.outOf.get(id) ?? [], "v")),
    part("Derivation", node.derivation ? h("div", { class: "derivation" }, ...built(node.derivation)) : null),
  ].filter((child) => child !== null);
}

/**
 * The panel of an edge: its local Jacobian, and what it adds to its argument's gradient.
 * @param {Panel} panel
 * @param {Edge} edge
 * @returns {Node[]}
 */
export function edgePanel(panel, edge) {
  const { model, digits } = panel;
  const [from, to] = [called(model, edge.u), called(model, edge.v)];
  const title = h("h3", { class: "what" }, `${from} → ${to}, argument ${edge.arg}`);
  const ends = h("p", {}, nodeButton(panel, edge.u), " → ", nodeButton(panel, edge.v));
  if (edge.count !== undefined) {
    const joint =
      (edge.norm ?? null) === null ? "" : `, norm of what they add ${scalar(/** @type {Entry} */ (edge.norm), digits)}`;
    return [
      h("h3", { class: "what" }, `${from} → ${to}`),
      ends,
      h("p", {}, `${counted(edge.count, "edge")} folded${joint}`),
    ];
  }
  const added = edge.contribution;
  return [
    title,
    ends,
    part(`Local Jacobian ∂${to}/∂${from}`, ...jacobian(panel, edge)),
    part(
      `Contribution to the gradient by ${from}`,
      added
        ? arrayView(added, look(panel, `contribution to the gradient by ${from}`))
        : h("p", { class: "quiet" }, unswept(panel, nodeOf(model, edge.u))),
      added ? entryProduct(panel, edge) : null,
    ),
  ].filter((child) => child !== null);
}

/** @param {Panel} panel @param {Edge} edge @returns {(Node | null)[]} */
function jacobian(panel, edge) {
  if (!edge.jacobian) return [h("p", { class: "quiet" }, "Nothing is differentiated along this edge.")];
  const [written, shapes] = edge.jacobian.split(" : ");
  return [
    h("p", {}, h("span", { class: "formula" }, written), shapes ? h("span", { class: "quiet" }, `  ${shapes}`) : null),
    edge.pulls ? h("p", {}, "pulls back by ", h("span", { class: "formula" }, edge.pulls)) : null,
    edge.matrix
      ? matrixView(edge.matrix, { label: "local Jacobian", digits: panel.digits })
      : h("p", { class: "quiet" }, "Too large to show as a matrix."),
  ];
}

/** @param {Panel} panel @param {GraphNode} node @returns {(Node | null)[]} */
function gradient(panel, node) {
  const { model, digits, entry } = panel;
  if (!node.grad) return [h("p", { class: "quiet" }, unswept(panel, node))];
  const terms = termsOf(model, node.id);
  const name = called(model, node.id);
  const sum = sumText(model, node.id, entry, digits);
  return [
    arrayView(node.grad, look(panel, `gradient by ${name}`)),
    h(
      "p",
      { class: "quiet" },
      terms.length ? `the sum of ${counted(terms.length, "contribution")}` : "of the cost by itself",
    ),
    sum ? h("p", { class: "formula sum" }, sum) : null,
    terms.length ? h("ul", { class: "terms" }, ...terms.map((edge) => term(panel, edge))) : null,
  ];
}

/** One summand: where it comes from, by which map, its numbers. @param {Panel} panel @param {Edge} edge */
function term(panel, edge) {
  const { model } = panel;
  const from = called(model, edge.v);
  const button = { type: "button", class: "link", click: () => panel.chooseEdge(edgeKey(edge)) };
  return h(
    "li",
    {},
    h("button", button, `from ${from}`),
    " ",
    h("span", { class: "formula" }, termText(model, edge)),
    edge.contribution?.picture
      ? h("span", { class: "quiet" }, `, norm ${scalar(norm(edge.contribution) ?? "", 4)}`)
      : null,
    edge.contribution && !edge.contribution.picture
      ? arrayView(edge.contribution, { label: `contribution from ${from}`, digits: panel.digits })
      : null,
    entryProduct(panel, edge),
  );
}

/**
 * The chosen entry of a contribution in numbers: a column of the local Jacobian times the gradient above.
 * @param {Panel} panel
 * @param {Edge} edge
 */
function entryProduct(panel, edge) {
  const { model, digits } = panel;
  const flat = Math.min(panel.entry, (edge.contribution?.data?.length ?? 1) - 1);
  const pairs = products(model, edge, flat);
  const total = edge.contribution?.data?.[flat];
  if (!pairs || total === undefined || pairs.length === 0) return null;
  const index = indexText(edge.contribution?.shape ?? [], flat);
  return h("p", { class: "formula product" }, `${index ? `entry ${index}: ` : ""}${productText(pairs, total, digits)}`);
}

/** @param {Panel} panel @param {GraphNode} node  why there is no gradient */
function unswept(panel, node) {
  if (node.role === "constant") return "a constant, never differentiated";
  if (!panel.model.data.swept) return "no backward yet";
  return "not differentiated";
}

/** @param {Panel} panel @param {GraphNode} node @returns {Node[]} */
function boxPanel(panel, node) {
  const { model, digits } = panel;
  const box = node.fold;
  if (!box) return [];
  const rows = box.ops.map(([op, times]) => h("li", {}, `${op} × ${count(times)}`));
  const none = model.data.swept ? "no gradient" : "no backward yet";
  return [
    h("h3", { class: "what" }, equation(model, node.id)),
    box.repeated ? h("p", {}, `${count(box.repeated[0])} times: ${box.repeated[1].join(", ")}`) : null,
    h("ul", {}, ...rows),
    h("p", {}, box.norm === null ? none : `norm of all gradients ${scalar(box.norm, digits)}`),
    part("From", edgeList(panel, model.into.get(node.id) ?? [], "u")),
    part("To", edgeList(panel, model.outOf.get(node.id) ?? [], "v")),
  ].filter((child) => child !== null);
}

/** @param {Panel} panel @param {readonly Edge[]} edges @param {"u" | "v"} end */
function edgeList(panel, edges, end) {
  if (edges.length === 0) return null;
  const items = edges.map((edge) => {
    const label = edge.count === undefined ? `argument ${edge.arg}` : counted(edge.count, "edge");
    const button = { type: "button", class: "link", click: () => panel.chooseEdge(edgeKey(edge)) };
    return h("li", {}, nodeButton(panel, edge[end]), " ", h("button", button, `(${label})`));
  });
  return h("ul", { class: "edges" }, ...items);
}

/** @param {Panel} panel @param {number} id */
function nodeButton(panel, id) {
  return h("button", { type: "button", class: "link", click: () => panel.chooseNode(id) }, called(panel.model, id));
}

/** @param {Panel} panel @param {string} label */
function look(panel, label) {
  return { label, digits: panel.digits, entry: panel.entry, choose: panel.chooseEntry };
}

/**
 * A part with its heading; null when there is nothing in it.
 * @param {string} title
 * @param {...(Node | null)} children
 */
function part(title, ...children) {
  const there = children.filter((child) => child !== null);
  return there.length ? h("section", {}, h("h4", {}, title), ...there) : null;
}
