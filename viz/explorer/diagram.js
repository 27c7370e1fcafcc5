/** The diagram: pan, zoom, highlight, fold. The drawing is Graphviz's; here its groups get classes, and boxes over them. */

import { byId, s } from "./dom.js";
import { called, edgeKey, foldedAround, nodeOf, nodesIn, scopeSummary } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./sweep.js").State} State */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * @typedef {object} Shown  what the diagram is to show
 * @property {number | null} node
 * @property {string | null} edge
 * @property {State | null} state  of the sweep, or null at step 0
 * @property {Set<number>} found
 * @property {Set<number>} folded
 */

/**
 * A box made larger or smaller by a factor, the point (x, y) staying where it is.
 * @param {Box} box
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {Box}
 */
export function zoomed(box, factor, x, y) {
  const { width, height } = box;
  return { x: x - (x - box.x) * factor, y: y - (y - box.y) * factor, width: width * factor, height: height * factor };
}

/**
 * The box moved as little as needed for it to hold the other, with a margin.
 * @param {Box} box
 * @param {Box} inner
 * @returns {Box}
 */
export function holding(box, inner) {
  const along = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ from, /** @type {number} */ length) => {
    const margin = Math.min(size / 8, Math.max(0, (size - length) / 2));
    if (from - margin < at) return from - margin;
    return from + length + margin > at + size ? from + length + margin - size : at;
  };
  return {
    ...box,
    x: along(box.x, box.width, inner.x, inner.width),
    y: along(box.y, box.height, inner.y, inner.height),
  };
}

/**
 * The diagram in the page, with what it can do.
 * @param {Model} model
 * @param {{node: (id: number) => void, edge: (key: string) => void, unfold: (scope: number) => void}} chosen
 */
export function diagramOf(model, chosen) {
  const frame = byId("diagram");
  const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("drawing")));
  const layer = s("g", { id: "covers" });
  svg.append(layer);
  const whole = boxOf(svg.viewBox.baseVal);
  let view = firstView();

  function firstView() {
    const ratio = frame.clientWidth / Math.max(1, frame.clientHeight);
    const tall = { ...whole, width: Math.max(whole.width, whole.height * ratio), height: Math.max(whole.height, whole.width / ratio) };
    // Never so small that nothing can be read: then only a part is seen, the end, where the sweep begins.
    const most = frame.clientWidth * 1.5;
    if (tall.width <= most) return centred(tall);
    return { x: whole.x + whole.width - most, y: whole.y - (most / ratio - whole.height) / 2, width: most, height: most / ratio };
  }

  function fitted() {
    const ratio = frame.clientWidth / Math.max(1, frame.clientHeight);
    return centred({ ...whole, width: Math.max(whole.width, whole.height * ratio), height: Math.max(whole.height, whole.width / ratio) });
  }

  /** @param {Box} box */
  function centred(box) {
    return { ...box, x: whole.x - (box.width - whole.width) / 2, y: whole.y - (box.height - whole.height) / 2 };
  }

  function draw() {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  /** @param {number} factor @param {number} [x] @param {number} [y] */
  function zoom(factor, x = view.x + view.width / 2, y = view.y + view.height / 2) {
    const width = view.width * factor;
    if (width < whole.width / 200 || width > 20 * Math.max(whole.width, frame.clientWidth)) return;
    view = zoomed(view, factor, x, y);
    draw();
  }

  /** @param {number} right @param {number} down  by parts of what is seen */
  function pan(right, down) {
    view = { ...view, x: view.x + right * view.width, y: view.y + down * view.height };
    draw();
  }

  /** @param {number} clientX @param {number} clientY  a point of the window in the drawing's units */
  function pointAt(clientX, clientY) {
    const matrix = svg.getScreenCTM();
    return new DOMPoint(clientX, clientY).matrixTransform(matrix?.inverse());
  }

  frame.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const point = pointAt(event.clientX, event.clientY);
      zoom(Math.exp(event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), point.x, point.y);
    },
    { passive: false },
  );

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = { "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => fit() };
    /** @type {Record<string, () => void>} */
    const shifted = {
      ArrowLeft: () => pan(-0.15, 0),
      ArrowRight: () => pan(0.15, 0),
      ArrowUp: () => pan(0, -0.15),
      ArrowDown: () => pan(0, 0.15),
    };
    const act = event.shiftKey && shifted[event.key] ? shifted[event.key] : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let moved = 0;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) moved = 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (moved > 4 && !frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
    if (other) {
      const apart = (/** @type {{x: number, y: number}} */ p) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
      const middle = pointAt((now.x + other.x) / 2, (now.y + other.y) / 2);
      zoom(apart(before) / apart(now), middle.x, middle.y);
    } else {
      const a = pointAt(before.x, before.y);
      const b = pointAt(now.x, now.y);
      view = { ...view, x: view.x - (b.x - a.x), y: view.y - (b.y - a.y) };
      draw();
    }
    fingers.set(event.pointerId, now);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }

  frame.addEventListener("click", (event) => {
    if (moved > 4) return;
    const group = /** @type {Element} */ (event.target).closest("g[id]");
    const [kind, ...rest] = (group?.id ?? "").split("-");
    if (kind === "node" || kind === "op") chosen.node(Number(rest[0]));
    else if (kind === "result") chosen.node(Number(rest[0]));
    else if (kind === "edge" || kind === "reverse") chosen.edge(rest.join("-"));
    else if (kind === "cover") chosen.unfold(Number(rest[0]));
  });

  function fit() {
    view = fitted();
    draw();
  }

  /** Moves the view, if need be, so that the element is in it. @param {Element | null} element */
  function bringIntoView(element) {
    if (!(element instanceof SVGGraphicsElement)) return;
    view = holding(view, inDrawing(element));
    draw();
  }

  /** The box of an element in the drawing's outer units. @param {SVGGraphicsElement} element @returns {Box} */
  function inDrawing(element) {
    const box = element.getBBox();
    const toRoot = svg.getCTM()?.inverse().multiply(element.getCTM() ?? new DOMMatrix());
    const a = new DOMPoint(box.x, box.y).matrixTransform(toRoot);
    const b = new DOMPoint(box.x + box.width, box.y + box.height).matrixTransform(toRoot);
    return { x: a.x, y: a.y, width: b.x - a.x, height: b.y - a.y };
  }

  /** @param {Shown} shown */
  function show(shown) {
    svg.classList.toggle("stepping", shown.state !== null);
    svg.classList.toggle("searching", shown.found.size > 0);
    for (const node of model.data.nodes) mark(node.id, shown);
    for (const edge of model.data.edges) markEdge(edge, shown);
    cover(shown);
  }

  /** @param {number} id @param {Shown} shown */
  function mark(id, shown) {
    const { state } = shown;
    const hidden = foldedAround(model, nodeOf(model, id).scope, shown.folded) !== null;
    for (const part of ["node", "op", "result", "sum"]) {
      const group = document.getElementById(`${part}-${id}`);
      if (!group) continue;
      group.classList.toggle("chosen", shown.node === id);
      group.classList.toggle("found", shown.found.has(id));
      group.classList.toggle("active", state?.active === id);
      group.classList.toggle("known", state?.known.has(id) ?? false);
      group.classList.toggle("begun", state?.begun.has(id) ?? false);
      group.classList.toggle("hidden", hidden);
    }
  }

  /** @param {import("./model.js").Edge} edge @param {Shown} shown */
  function markEdge(edge, shown) {
    const key = edgeKey(edge);
    const { state } = shown;
    const around = [edge.u, edge.v].map((id) => foldedAround(model, nodeOf(model, id).scope, shown.folded));
    const inside = around[0] !== null && around[0] === around[1];
    for (const part of ["edge", "reverse"]) {
      const group = document.getElementById(`${part}-${key}`);
      if (!group) continue;
      group.classList.toggle("chosen", shown.edge === key);
      group.classList.toggle("passed", state?.passed.has(key) ?? false);
      group.classList.toggle("active", (state?.passing.has(key) || state?.summed.has(key)) ?? false);
      group.classList.toggle("hidden", inside);
    }
  }

  /** The boxes over folded scopes. @param {Shown} shown */
  function cover(shown) {
    layer.replaceChildren();
    for (const scope of shown.folded) {
      const frameOf = svg.querySelector(`g[data-scope="${scope}"]`);
      if (!(frameOf instanceof SVGGraphicsElement)) continue;
      if (foldedAround(model, model.data.scopes[scope]?.parent ?? 0, shown.folded) !== null) continue;
      const { x, y, width, height } = inDrawing(frameOf);
      const ids = nodesIn(model, scope).map((node) => node.id);
      const classes = ["cover"];
      if (shown.node !== null && ids.includes(shown.node)) classes.push("chosen");
      if (shown.state && ids.includes(shown.state.active ?? -1)) classes.push("active");
      if (ids.some((id) => shown.found.has(id))) classes.push("found");
      const words = [model.data.scopes[scope]?.name ?? "", ...scopeSummary(model, scope).split(": ")];
      // As large as the box allows: it is to be read when the whole diagram is in view.
      const size = Math.max(9, Math.min(height / 7, width / 14));
      const lines = words.map((text, k) => {
        const place = { x: x + width / 2, y: y + height / 2 + 1.5 * size * (k - 0.7), "font-size": size };
        return s("text", { ...place, class: k ? "" : "name" }, shortened(text, (1.4 * width) / size));
      });
      const box = s("rect", { x, y, width, height, rx: 8 });
      layer.append(s("g", { id: `cover-${scope}`, class: classes.join(" ") }, box, ...lines));
    }
  }

  draw();
  return {
    show,
    fit,
    zoom,
    /** @param {number} id */
    bring(id) {
      bringIntoView(document.getElementById(`node-${id}`));
    },
    /** @param {string} key */
    bringEdge(key) {
      bringIntoView(document.getElementById(`reverse-${key}`) ?? document.getElementById(`edge-${key}`));
    },
    describe() {
      return `Diagram of ${called(model, model.data.output)}, ${model.data.total} nodes`;
    },
  };
}

/** @param {string} text @param {number} most */
function shortened(text, most) {
  const length = Math.max(3, Math.floor(most));
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** @param {DOMRect} rect @returns {Box} */
function boxOf({ x, y, width, height }) {
  return { x, y, width, height };
}
