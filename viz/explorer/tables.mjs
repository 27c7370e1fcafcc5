/** Heat tables: arrays and local Jacobians as tables of exact numbers while small, as pictures when large. */

import { column, count, indexText, scalar, shapeText, toNumber } from "./format.mjs";
import { h, s } from "./dom.mjs";

/** @typedef {import("./format.mjs").Entry} Entry */
/** @typedef {import("./model.mjs").Numbers} Numbers */
/** @typedef {import("./model.mjs").Picture} Picture */
/** @typedef {import("./model.mjs").Matrix} Matrix */

/**
 * @typedef {object} Look
 * @property {string} label  what it is, for those who do not see it
 * @property {number} digits  0: all
 * @property {number | null} [entry]  the chosen entry
 * @property {(flat: number) => void} [choose]  called when another is chosen
 */

const WIDEST = 12;
/** Rows and columns of a matrix that is shown with its numbers. */

/**
 * The colour of an entry beside the largest: its sign, and one of six levels; zero and what is not finite on their own.
 * @param {Entry} entry
 * @param {number} largest
 * @returns {string}
 */
export function heatOf(entry, largest) {
  const x = toNumber(entry);
  if (!Number.isFinite(x)) return "heat not-finite";
  if (x === 0 || largest === 0) return "heat zero";
  const level = Math.min(6, Math.max(1, Math.ceil((6 * Math.abs(x)) / largest)));
  return `heat ${x > 0 ? "plus" : "minus"}-${level}`;
}

/** @param {readonly Entry[]} entries  the largest size of those that are finite */
export function largestOf(entries) {
  const sizes = entries.map((entry) => Math.abs(toNumber(entry))).filter(Number.isFinite);
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

/**
 * An array: a number, a table, or a picture with a summary and, on demand, all its numbers.
 * @param {Numbers} array
 * @param {Look} look
 * @returns {HTMLElement}
 */
export function arrayView(array, look) {
  if (array.data && !array.picture) return exact(array, array.data, look);
  const { picture, data } = array;
  const view = h("div", { class: "large" });
  if (picture) view.append(pictureView(picture, `${look.label}, as a heat picture`));
  view.append(summary(array, look.digits));
  if (data) {
    const all = h("details", {}, h("summary", {}, "All numbers"));
    all.addEventListener("toggle", () => {
      if (all.open && all.childElementCount === 1) all.append(exact(array, data, look));
    });
    view.append(all);
  } else view.append(h("p", { class: "quiet" }, "Too many numbers to be in this page."));
  return view;
}

/**
 * A local Jacobian as a matrix: zeros blank, so that its structure shows.
 * @param {Matrix} matrix
 * @param {Look} look
 * @returns {HTMLElement}
 */
export function matrixView(matrix, look) {
  const { rows, columns, cells, picture } = matrix;
  const label = `${look.label}, ${rows} × ${columns}`;
  if (!cells) return picture ? pictureView(picture, label) : h("p", {}, label);
  const largest = largestOf(cells.map(([, , entry]) => entry));
  if (rows > WIDEST || columns > WIDEST) {
    const squares = cells.map(([row, col, entry]) => square(row, col, heatOf(entry, largest)));
    return framed(rows, columns, label, squares);
  }
  const written = column(
    cells.map(([, , entry]) => entry),
    look.digits,
  );
  const at = new Map(cells.map(([row, col, entry], k) => [row * columns + col, { entry, text: written[k] ?? "" }]));
  const lines = range(rows).map((row) =>
    h(
      "tr",
      {},
      ...range(columns).map((col) => {
        const cell = at.get(row * columns + col);
        if (!cell) return h("td", { class: "blank" }, h("span", { class: "unseen" }, "0"));
        return h("td", { class: heatOf(cell.entry, largest), title: scalar(cell.entry, 0) }, cell.text);
      }),
    ),
  );
  return scrolled(h("table", { class: "numbers matrix", "aria-label": label }, h("tbody", {}, ...lines)), label);
}

/**
 * @param {Numbers} array
 * @param {Entry[]} data
 * @param {Look} look
 * @returns {HTMLElement}
 */
function exact(array, data, look) {
  const { shape } = array;
  if (data.length === 0) return h("p", { class: "quiet" }, `empty, shape ${shapeText(shape)}`);
  if (shape.length === 0) return h("p", { class: "number" }, scalar(/** @type {Entry} */ (data[0]), look.digits));
  const columns = shape.at(-1) ?? 1;
  const rows = data.length / columns;
  const largest = largestOf(data);
  const written = column(data, look.digits);
  const { choose } = look;
  const chosen = look.entry ?? 0;
  const cell = (/** @type {number} */ flat) => {
    const entry = /** @type {Entry} */ (data[flat]);
    const about = { class: heatOf(entry, largest), title: `${indexText(shape, flat)} = ${scalar(entry, 0)}` };
    if (!choose) return h("td", about, written[flat]);
    const state = { "aria-selected": String(flat === chosen), tabindex: flat === chosen ? 0 : -1, "data-flat": flat };
    return h("td", { ...about, ...state, click: () => choose(flat) }, written[flat]);
  };
  const slice = shape.length > 2 ? (shape.at(-2) ?? 1) : rows;
  const lines = range(rows).map((row) => {
    const begins = row > 0 && row % slice === 0;
    return h("tr", { class: begins ? "slice" : null }, ...range(columns).map((col) => cell(row * columns + col)));
  });
  const label = `${look.label}, shape ${shapeText(shape)}`;
  const table = h("table", { class: "numbers", "aria-label": label }, h("tbody", {}, ...lines));
  if (choose) {
    table.setAttribute("role", "grid");
    table.addEventListener("keydown", (event) => moveInGrid(event, columns, data.length, choose));
  }
  return scrolled(table, label, !choose);
}

/**
 * Arrow keys in a grid: to the next entry, Home and End to the first and the last.
 * @param {KeyboardEvent} event
 * @param {number} columns
 * @param {number} size
 * @param {(flat: number) => void} choose
 */
function moveInGrid(event, columns, size, choose) {
  const target = /** @type {HTMLElement} */ (event.target);
  const at = Number(target.dataset["flat"]);
  const to = movedIn(event.key, at, columns, size);
  if (to === null) return;
  event.preventDefault();
  choose(to);
}

/**
 * Where a key leads from an entry of a table; null where it is none of its keys.
 * @param {string} key
 * @param {number} at
 * @param {number} columns
 * @param {number} size
 * @returns {number | null}
 */
export function movedIn(key, at, columns, size) {
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: size - 1,
  };
  const to = moves[key];
  if (to === undefined) return null;
  return to < 0 || to >= size ? at : to;
}

/** @param {Numbers} array @param {number} digits */
function summary(array, digits) {
  const places = digits && Math.min(digits, 4);
  const pairs = [
    ["min", array.min],
    ["max", array.max],
    ["mean", array.mean],
    ["norm", array.norm],
  ].flatMap(([name, entry]) =>
    entry === undefined ? [] : [h("dt", {}, String(name)), h("dd", {}, scalar(entry, places))],
  );
  if (array.notFinite) pairs.push(h("dt", {}, "not finite"), h("dd", {}, count(array.notFinite)));
  return h("dl", { class: "summary" }, ...pairs);
}

/**
 * @param {Picture} picture
 * @param {string} label
 */
function pictureView(picture, label) {
  const { rows, columns, values } = picture;
  const largest = largestOf(values);
  const squares = values.map((entry, k) => square(Math.floor(k / columns), k % columns, heatOf(entry, largest)));
  return framed(rows, columns, label, squares);
}

/** @param {number} row @param {number} col @param {string} look */
function square(row, col, look) {
  return s("rect", { x: col, y: row, width: 1.02, height: 1.02, class: look });
}

/** @param {number} rows @param {number} columns @param {string} label @param {SVGElement[]} squares */
function framed(rows, columns, label, squares) {
  const side = Math.max(4, Math.min(12, Math.floor(320 / Math.max(rows, columns))));
  const size = { width: columns * side, height: rows * side, viewBox: `0 0 ${columns} ${rows}` };
  const picture = s("svg", { ...size, role: "img", "aria-label": label, class: "heat-picture" }, ...squares);
  return h("div", { class: "picture-frame" }, picture);
}

/**
 * @param {HTMLElement} table
 * @param {string} label
 * @param {boolean} [focusable]  so that keys can scroll it
 */
function scrolled(table, label, focusable = true) {
  const wide = focusable ? { tabindex: 0, role: "group", "aria-label": label } : {};
  return h("div", { class: "scroll", ...wide }, table);
}

/** @param {number} n */
function range(n) {
  return Array.from({ length: n }, (_, k) => k);
}
