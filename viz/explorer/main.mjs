/** The page: its state in one place; every view shows that state, and changes it by `set`. */

import { called, edgeOf, equation, foldedAround, modelOf, scopePath, search } from "./model.mjs";
import { counted, shapeText } from "./format.mjs";
import { lastStep, stateAt, stepText } from "./sweep.mjs";
import { byId, h } from "./dom.mjs";
import { diagramOf } from "./diagram.mjs";
import { edgePanel, nodePanel } from "./details.mjs";
import { entryOf, layersTable, unitOf, unitsOf } from "./layers.mjs";

/**
 * @typedef {object} State
 * @property {number | null} node  the chosen node
 * @property {string | null} edge  or the chosen edge
 * @property {number} entry  the chosen entry of the node's arrays, from 0 in C order
 * @property {number} step  of the reverse sweep
 * @property {string} words  searched for
 * @property {Set<number>} folded  scopes
 * @property {boolean} full  whether numbers are shown with all their digits
 */

const model = modelOf(JSON.parse(byId("data").textContent ?? ""));
const DIGITS = 6;

/** @type {State} */
let state = { node: model.data.output, edge: null, entry: 0, step: 0, words: "", folded: new Set(), full: false };

const diagram = diagramOf(model, { node: chooseNode, edge: chooseEdge, unfold: (scope) => fold(scope, false) });
const units = unitsOf(model, (unit) => {
  const found = entryOf(model, unit);
  if (found) set({ node: found.node, edge: null, entry: found.entry });
  else units.show(unit);
});

/** @param {Partial<State>} change */
function set(change) {
  const before = state;
  state = { ...state, ...change };
  show();
  if (state.node !== null && state.node !== before.node) diagram.bring(state.node);
  if (state.edge !== null && state.edge !== before.edge) diagram.bringEdge(state.edge);
}

/** @param {number} id */
function chooseNode(id) {
  set({ node: id, edge: null, entry: id === state.node ? state.entry : 0 });
}

/** @param {string} key */
function chooseEdge(key) {
  set({ node: null, edge: key, entry: 0 });
}

/** @param {number} step */
function goTo(step) {
  const at = Math.max(0, Math.min(lastStep(model), step));
  if (at === state.step) return;
  const { active } = stateAt(model, at);
  set(active === null ? { step: at } : { step: at, node: active, edge: null, entry: 0 });
}

/** @param {number} scope @param {boolean} to */
function fold(scope, to) {
  const folded = new Set(state.folded);
  if (to) folded.add(scope);
  else folded.delete(scope);
  set({ folded });
}

function show() {
  const digits = state.full ? 0 : DIGITS;
  const sweep = state.step > 0 ? stateAt(model, state.step) : null;
  const found = search(model, state.words);
  diagram.show({ node: state.node, edge: state.edge, state: sweep, found, folded: state.folded });
  units.show(unitOf(model, state.node, state.entry));
  showPanel(digits);
  showList(found);
  showSweep();
  showFolds();
  if (model.data.layers.length) byId("layers").replaceChildren(layersTable(model, state.node, digits, chooseNode));
}

/** @param {number} digits */
function showPanel(digits) {
  const panel = byId("panel");
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const cell = panel.contains(focused) ? focused?.dataset["flat"] : undefined;
  const table = cell === undefined ? null : focused?.closest("table")?.getAttribute("aria-label");
  const about = {
    model,
    digits,
    entry: state.entry,
    chooseNode,
    chooseEdge,
    chooseEntry: (/** @type {number} */ entry) => set({ entry }),
  };
  const what = state.edge ?? `${state.node}`;
  if (panel.dataset["shows"] !== what) byId("details").scrollTop = 0;
  panel.dataset["shows"] = what;
  const edge = state.edge === null ? undefined : edgeOf(model, state.edge);
  if (edge) panel.replaceChildren(...edgePanel({ ...about, entry: state.entry }, edge));
  else if (state.node !== null) panel.replaceChildren(...nodePanel(about, state.node));
  if (table) {
    const same = [...panel.querySelectorAll("table")].find((each) => each.getAttribute("aria-label") === table);
    /** @type {HTMLElement | null | undefined} */ (same?.querySelector('[aria-selected="true"]'))?.focus();
  }
}

/**
 * The nodes as a list, without those that the search leaves out and those in folded scopes.
 * @param {Set<number>} found
 */
function showList(found) {
  const list = byId("nodes");
  const searched = state.words.trim() !== "";
  const shown = model.data.nodes.filter(
    (node) => (!searched || found.has(node.id)) && foldedAround(model, node.scope, state.folded) === null,
  );
  const options = shown.map((node) => {
    const scope = node.scope ? h("span", { class: "quiet" }, ` ${scopePath(model, node.scope)}`) : null;
    const shape = node.value ? h("span", { class: "quiet" }, ` ${shapeText(node.value.shape)}`) : null;
    const is = { id: `option-${node.id}`, role: "option", "aria-selected": String(node.id === state.node) };
    return h("li", { ...is, click: () => chooseNode(node.id) }, equation(model, node.id), shape, scope);
  });
  list.replaceChildren(...options);
  const active = shown.some((node) => node.id === state.node) ? `option-${state.node}` : "";
  if (active) {
    list.setAttribute("aria-activedescendant", active);
    keepInView(list, byId(active));
  } else list.removeAttribute("aria-activedescendant");
  byId("found").textContent = searched ? `${counted(found.size, "node")} found` : "";
}

/**
 * Scrolls a list, and not the page, so that one of its items is seen.
 * @param {HTMLElement} list
 * @param {HTMLElement} item
 */
function keepInView(list, item) {
  const top = item.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  if (top + item.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top + item.offsetHeight - list.clientHeight;
  }
}

function showSweep() {
  const slider = /** @type {HTMLInputElement} */ (byId("step"));
  const last = lastStep(model);
  slider.max = String(last);
  slider.value = String(state.step);
  slider.disabled = last === 0;
  const text = stepText(model, state.step);
  slider.setAttribute("aria-valuetext", last ? `step ${state.step} of ${last}` : "no backward yet");
  if (byId("step-text").textContent !== text) byId("step-text").textContent = text;
  /** @type {HTMLButtonElement} */ (byId("back")).disabled = state.step === 0;
  /** @type {HTMLButtonElement} */ (byId("forward")).disabled = state.step >= last;
  const { known, begun } = stateAt(model, state.step);
  const names = (/** @type {Set<number>} */ ids) => [...ids].map((id) => called(model, id)).join(", ");
  byId("known").textContent = known.size ? names(known) : "none";
  byId("begun").textContent = begun.size ? names(begun) : "none";
  byId("progress").hidden = last === 0;
}

function showFolds() {
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (byId("scopes").querySelectorAll("input"))) {
    box.checked = state.folded.has(Number(box.value));
  }
}

/** Puts the scopes into their menu: a box to tick for each. */
function listScopes() {
  const scopes = model.data.scopes.map((scope, k) => ({ ...scope, k })).slice(1);
  byId("folding").hidden = scopes.length === 0;
  const items = scopes.map(({ k }) => {
    const box = h("input", { type: "checkbox", value: k });
    box.addEventListener("change", () => fold(k, box.checked));
    return h("li", {}, h("label", {}, box, " ", scopePath(model, k)));
  });
  byId("scopes").replaceChildren(...items);
  const top = scopes.filter(({ parent }) => parent === 0).map(({ k }) => k);
  byId("fold-all").addEventListener("click", () => set({ folded: new Set(top) }));
  byId("unfold-all").addEventListener("click", () => set({ folded: new Set() }));
}

/** Up and down, Home and End in the list of nodes. @param {KeyboardEvent} event */
function moveInList(event) {
  const ids = [...byId("nodes").children].map((item) => Number(item.id.slice("option-".length)));
  const at = ids.indexOf(state.node ?? -1);
  /** @type {Record<string, number>} */
  const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, Home: 0, End: ids.length - 1 };
  const to = ids[Math.max(0, moves[event.key] ?? -1)];
  if (moves[event.key] === undefined) return;
  event.preventDefault();
  if (to !== undefined && moves[event.key] !== ids.length) chooseNode(to);
}

/** The arrow keys step through the sweep, wherever they mean nothing else. @param {KeyboardEvent} event */
function stepByKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
  if (event.key === "ArrowRight") goTo(state.step + 1);
  else if (event.key === "ArrowLeft") goTo(state.step - 1);
  else return;
  event.preventDefault();
}

/** The theme: the screen's own until one is chosen. */
function changeTheme() {
  const root = document.documentElement;
  const dark = root.dataset["theme"]
    ? root.dataset["theme"] === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset["theme"] = dark ? "light" : "dark";
}

const slider = /** @type {HTMLInputElement} */ (byId("step"));
const field = /** @type {HTMLInputElement} */ (byId("words"));
slider.addEventListener("input", () => goTo(Number(slider.value)));
byId("back").addEventListener("click", () => goTo(state.step - 1));
byId("forward").addEventListener("click", () => goTo(state.step + 1));
field.addEventListener("input", () => set({ words: field.value }));
field.addEventListener("keydown", (event) => {
  const first = [...search(model, field.value)][0];
  if (event.key === "Enter" && first !== undefined) chooseNode(first);
});
byId("zoom-in").addEventListener("click", () => diagram.zoom(0.8));
byId("zoom-out").addEventListener("click", () => diagram.zoom(1.25));
byId("fit").addEventListener("click", () => diagram.fit());
byId("theme").addEventListener("click", changeTheme);
byId("full").addEventListener("change", () => set({ full: /** @type {HTMLInputElement} */ (byId("full")).checked }));
byId("nodes").addEventListener("keydown", moveInList);
document.addEventListener("keydown", stepByKey);
byId("drawing-title").textContent = diagram.describe();
byId("run").hidden = model.data.layers.length === 0;
listScopes();
show();
diagram.bring(model.data.output);
