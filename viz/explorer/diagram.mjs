/**
 * The diagram: what is chosen, found, active, folded. The drawing is Graphviz's; here its groups get classes, and
 * folded scopes get boxes over them.
 */

import { byId, s } from "./dom.mjs";
import { called, edgeKey, foldedAround, nodeOf, nodesIn, scopeSummary } from "./model.mjs";
import { viewportOf } from "./viewport.mjs";

/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {import("./model.mjs").Edge} Edge */
/** @typedef {import("./sweep.mjs").State} State */

/**
 * @typedef {object} Shown  what the diagram is to show
 * @property {number | null} node
 * @property {string | null} edge
 * @property {State | null} state  of the sweep, or null at step 0
 * @property {Set<number>} found
 * @property {Set<number>} folded
 */

/** The groups of a node's figures: its value, its op, the edge between them, the ⊕ and the edge from there. */
const FIGURES = ["node", "op", "result", "sum", "total"];
const LINES = ["edge", "reverse"];

/**
 * The diagram in the page, with what it can do.
 * @param {Model} model
 * @param {{node: (id: number) => void, edge: (key: string) => void, unfold: (scope: number) => void}} choose
 */
export function diagramOf(model, choose) {
  const frame = byId("diagram");
  const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("drawing")));
  const covers = s("g", { id: "covers" });
  const viewport = viewportOf(frame, svg);
  svg.append(covers);

  frame.addEventListener("click", (event) => {
    const group = /** @type {Element} */ (event.target).closest("g[id]");
    if (!group || viewport.wasDragged()) return;
    const [kind = "", ...rest] = group.id.split("-");
    if (FIGURES.includes(kind)) choose.node(Number(rest[0]));
    else if (LINES.includes(kind)) choose.edge(rest.join("-"));
    else if (kind === "cover") choose.unfold(Number(rest[0]));
  });

  /** @param {Shown} shown */
  function show(shown) {
    svg.classList.toggle("stepping", shown.state !== null);
    svg.classList.toggle("searching", shown.found.size > 0);
    for (const node of model.data.nodes) showNode(node.id, shown);
    for (const edge of model.data.edges) showEdge(edge, shown);
    covers.replaceChildren(...[...shown.folded].flatMap((scope) => cover(scope, shown)));
  }

  /** @param {number} id @param {Shown} shown */
  function showNode(id, { node, found, state, folded }) {
    classify(FIGURES, String(id), {
      chosen: node === id,
      found: found.has(id),
      active: state?.active === id,
      known: state?.known.has(id) ?? false,
      begun: state?.begun.has(id) ?? false,
      hidden: foldedAround(model, nodeOf(model, id).scope, folded) !== null,
    });
  }

  /** @param {Edge} edge @param {Shown} shown */
  function showEdge(edge, { edge: chosen, state, folded }) {
    const key = edgeKey(edge);
    const [from, to] = [edge.u, edge.v].map((id) => foldedAround(model, nodeOf(model, id).scope, folded));
    classify(LINES, key, {
      chosen: chosen === key,
      passed: state?.passed.has(key) ?? false,
      active: (state?.passing.has(key) || state?.summed.has(key)) ?? false,
      hidden: from !== null && from === to,
    });
  }

  /**
   * The box over a folded scope, as a list; none where a scope around it is folded.
   * @param {number} scope
   * @param {Shown} shown
   */
  function cover(scope, { node, found, state, folded }) {
    const cluster = svg.querySelector(`g[data-scope="${scope}"]`);
    const { name = "", parent = null } = model.data.scopes[scope] ?? {};
    if (!(cluster instanceof SVGGraphicsElement) || foldedAround(model, parent ?? 0, folded) !== null) return [];
    const ids = nodesIn(model, scope).map(({ id }) => id);
    const states = {
      chosen: node !== null && ids.includes(node),
      active: state !== null && ids.some((id) => id === state.active),
      found: ids.some((id) => found.has(id)),
    };
    const classes = Object.entries(states).flatMap(([state, is]) => (is ? [state] : []));
    const { x, y, width, height } = viewport.boxOf(cluster);
    const words = [name, ...scopeSummary(model, scope).split(": ")].map((text) => shortened(text, 32));
    // As large as the box allows: it is to be read when the whole diagram is in view.
    const size = Math.min(height / 7, width / (0.7 * Math.max(8, ...words.map(({ length }) => length))));
    const lines = words.map((text, k) => {
      const place = { x: x + width / 2, y: y + height / 2 + 1.5 * size * (k - 0.7), "font-size": size };
      return s("text", { ...place, class: k ? null : "name" }, text);
    });
    const box = s("rect", { x, y, width, height, rx: 8 });
    return [s("g", { id: `cover-${scope}`, class: ["cover", ...classes].join(" ") }, box, ...lines)];
  }

  return {
    show,
    fit: viewport.fit,
    /** @param {number} factor */
    zoom: (factor) => viewport.zoom(factor),
    /** @param {number} id */
    bring: (id) => viewport.bring(document.getElementById(`node-${id}`)),
    /** @param {string} key */
    bringEdge(key) {
      viewport.bring(document.getElementById(`reverse-${key}`) ?? document.getElementById(`edge-${key}`));
    },
    describe: () => `Diagram of ${called(model, model.data.output)}, ${model.data.total} nodes`,
  };
}

/**
 * Gives groups of the drawing their classes, those that are there.
 * @param {readonly string[]} kinds
 * @param {string} key
 * @param {Record<string, boolean>} classes
 */
function classify(kinds, key, classes) {
  for (const kind of kinds) {
    const group = document.getElementById(`${kind}-${key}`);
    for (const [name, is] of Object.entries(classes)) group?.classList.toggle(name, is);
  }
}

/** @param {string} text @param {number} most */
function shortened(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
