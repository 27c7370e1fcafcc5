/**
 * Numbers as text, by the same rules as in the pictures (numbers.py): never rounded to a false zero.
 *
 * An entry in the data is a number, a boolean, or text where JSON has no number: NaN, infinities, long integers.
 * @typedef {number | string | boolean} Entry
 */

/**
 * The number an entry stands for; booleans count as 1 and 0.
 * @param {Entry} entry
 */
export function toNumber(entry) {
  return Number(entry);
}

/**
 * One number, to so many significant digits; with 0 digits, all that it has.
 * @param {Entry} entry
 * @param {number} digits
 * @returns {string}
 */
export function scalar(entry, digits) {
  if (typeof entry === "boolean") return entry ? "True" : "False";
  if (digits === 0) return typeset(typeof entry === "string" ? entry : String(entry));
  const x = Number(entry);
  if (!Number.isFinite(x)) return typeset(String(x));
  if (x === 0) return "0";
  if (Number.isInteger(x) && Math.abs(x) < 10 ** digits) return typeset(String(x));
  const written = x.toExponential(digits - 1);
  const power = Number(written.slice(written.indexOf("e") + 1));
  if (power < -4 || power >= digits) return typeset(trimmed(written));
  return typeset(trimmed(x.toFixed(digits - 1 - power)));
}

/**
 * The entries of an array to a common number of decimals; with 0 digits, each with all that it has.
 * @param {readonly Entry[]} entries
 * @param {number} digits
 * @returns {string[]}
 */
export function column(entries, digits) {
  if (digits === 0 || entries.some((entry) => typeof entry === "boolean")) {
    return entries.map((entry) => scalar(entry, digits));
  }
  const finite = entries.map(toNumber).filter(Number.isFinite).map(Math.abs);
  const places = decimals(finite);
  return entries.map((entry) => aligned(toNumber(entry), places));
}

/**
 * A shape as Python writes it.
 * @param {readonly number[]} shape
 */
export function shapeText(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/**
 * The index of an entry, counted from 0 in C order, as it is written in brackets; empty for a single number.
 * @param {readonly number[]} shape
 * @param {number} flat
 */
export function indexText(shape, flat) {
  if (shape.length === 0) return "";
  const index = [];
  for (const size of [...shape].reverse()) {
    index.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return `[${index.join(", ")}]`;
}

/**
 * Thousands apart, as Python's `:,` writes them.
 * @param {number} n
 */
export function count(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A number and its noun: "1 node", "2 nodes".
 * @param {number} n
 * @param {string} noun
 */
export function counted(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** @param {readonly number[]} sizes  absolute values @returns {number | null} */
function decimals(sizes) {
  const largest = Math.max(0, ...sizes);
  if (largest < 1e5 && sizes.every(Number.isInteger)) return 0;
  if (largest < 1e-3 || largest >= 1e5) return null;
  return Math.max(0, 3 - Math.floor(Math.log10(largest)));
}

/** @param {number} x @param {number | null} places */
function aligned(x, places) {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return typeset(String(x));
  if (places === null) return typeset(x.toExponential(3));
  if (Math.abs(x) < 10 ** (1 - places) && places > 0) return typeset(x.toExponential(1));
  return typeset(x.toFixed(places));
}

/** @param {string} text  without the zeros that end a fraction */
function trimmed(text) {
  const [fraction = "", power] = text.split("e");
  const short = fraction.includes(".") ? fraction.replace(/\.?0+$/, "") : fraction;
  return power === undefined || Number(power) === 0 ? short : `${short}e${power}`;
}

/** @param {string} text  with a real minus, short exponents and ∞ */
function typeset(text) {
  return text
    .replace("e+", "e")
    .replace(/e([-]?)0$/, "")
    .replaceAll("-", "−")
    .replace("Infinity", "∞");
}
