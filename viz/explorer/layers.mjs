/** The other two views of a network's run: its layers as a table, its units as circles. */

import { scalar, toNumber } from "./format.mjs";
import { called, nodeOf } from "./model.mjs";
import { norm } from "./sums.mjs";
import { heatOf } from "./tables.mjs";
import { byId, h } from "./dom.mjs";

/** @typedef {import("./format.mjs").Entry} Entry */
/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {import("./model.mjs").Layer} Layer */

/** @typedef {{layer: number, unit: number}} Unit  unit 0 is the bias unit */

/**
 * The table of layers: for each its nodes, with the norm of what they hold; the chosen one is marked.
 * @param {Model} model
 * @param {number | null} chosen
 * @param {number} digits
 * @param {(id: number) => void} choose
 */
export function layersTable(model, chosen, digits, choose) {
  const head = ["layer", "units", "Θ", "∂J/∂Θ", "z", "δ = ∂J/∂z", "a"];
  const rows = model.data.layers.map((layer) => {
    const { theta, z, a } = layer;
    const shape = nodeOf(model, a).value?.shape ?? [];
    const cells = [
      nodeCell(model, theta, "value", chosen, digits, choose),
      nodeCell(model, theta, "grad", chosen, digits, choose),
      nodeCell(model, z, "value", chosen, digits, choose),
      nodeCell(model, z, "grad", chosen, digits, choose),
      nodeCell(model, a, "value", chosen, digits, choose),
    ];
    return h("tr", {}, h("th", { scope: "row" }, String(layer.layer)), h("td", {}, String(shape[0] ?? "")), ...cells);
  });
  return h(
    "table",
    { class: "layers" },
    h("caption", {}, "Norms, by layer. Θ is the matrix that leads to the layer. Choose one to see it everywhere."),
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...rows),
  );
}

/**
 * @param {Model} model
 * @param {number | undefined} id
 * @param {"value" | "grad"} what
 * @param {number | null} chosen
 * @param {number} digits
 * @param {(id: number) => void} choose
 */
function nodeCell(model, id, what, chosen, digits, choose) {
  if (id === undefined) return h("td", {}, "–");
  const size = norm(nodeOf(model, id)[what]);
  const isMissing = what === "grad" && !model.data.swept;
  if (size === null) return h("td", { class: "quiet" }, isMissing ? "no backward yet" : "–");
  const symbol = what === "grad" ? `∂J/∂${called(model, id)}` : called(model, id);
  const button = {
    type: "button",
    class: "link",
    "aria-pressed": String(id === chosen),
    click: () => choose(id),
  };
  const all = model.data.layers.map((layer) => norm(nodeOf(model, layerPart(layer, id, model) ?? id)[what]) ?? 0);
  const largest = Math.max(...all.map(toNumber));
  return h(
    "td",
    { class: what === "grad" ? heatOf(size, largest) : "" },
    h("button", button, `‖${symbol}‖`),
    ` ${scalar(size, digits && 4)}`,
  );
}

/**
 * The node of another layer that plays the part that this one plays in its own.
 * @param {Layer} layer
 * @param {number} id
 * @param {Model} model
 */
function layerPart(layer, id, model) {
  const own = model.data.layers.find((each) => [each.theta, each.z, each.a].includes(id));
  if (!own) return undefined;
  return own.theta === id ? layer.theta : own.z === id ? layer.z : layer.a;
}

/**
 * The units: circles that can be chosen. Choosing one chooses its node, and its entry in it.
 * @param {Model} model
 * @param {(unit: Unit) => void} choose
 */
export function unitsOf(model, choose) {
  const places = /** @type {SVGGElement[]} */ ([...byId("units").querySelectorAll("g.place")]);
  if (places.length === 0) return { show: (/** @type {Unit | null} */ _unit) => {} };
  const svg = places[0]?.ownerSVGElement;
  svg?.setAttribute("role", "group");
  const unitAt = (/** @type {SVGGElement} */ place) => ({
    layer: Number(place.dataset["layer"]),
    unit: Number(place.dataset["unit"]),
  });
  for (const place of places) {
    const { layer, unit } = unitAt(place);
    place.setAttribute("role", "button");
    place.setAttribute("tabindex", "-1");
    const kind = unit ? `unit ${unit}` : "bias unit";
    const shown = [...place.querySelectorAll("text")].map((text) => text.textContent);
    place.setAttribute("aria-label", `${kind} of layer ${layer}: ${shown.join(" ")}`);
    place.addEventListener("click", () => choose(unitAt(place)));
    place.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(unitAt(place));
      }
      const next = neighbour(places.map(unitAt), unitAt(place), event.key);
      if (!next) return;
      event.preventDefault();
      const there = places.find((each) => same(unitAt(each), next));
      there?.focus();
    });
    place.addEventListener("focus", () => {
      for (const each of places) each.setAttribute("tabindex", each === place ? "0" : "-1");
    });
  }
  places[0]?.setAttribute("tabindex", "0");
  const weights = /** @type {SVGGElement[]} */ ([...byId("units").querySelectorAll("g.weight, g.number")]);
  return {
    /** @param {Unit | null} unit */
    show(unit) {
      const chosen = unit && places.some((place) => same(unitAt(place), unit)) ? unit : null;
      byId("units").classList.toggle("focused", chosen !== null);
      for (const place of places) {
        const is = chosen !== null && same(unitAt(place), chosen);
        place.classList.toggle("chosen", is);
        place.setAttribute("aria-pressed", String(is));
      }
      for (const weight of weights) {
        const { layer, to, source } = weight.dataset;
        const before = chosen?.layer === Number(layer) && chosen?.unit === Number(source);
        const after = chosen?.layer === Number(layer) + 1 && chosen?.unit === Number(to);
        weight.classList.toggle("touches", before || after);
      }
      const lines = chosen ? (model.data.sums?.[`${chosen.layer}-${chosen.unit}`] ?? []) : [];
      byId("unit-sum").replaceChildren(...lines.map((line) => h("p", { class: "formula" }, line)));
    },
  };
}

/**
 * The unit of a network's picture that stands for an entry of a node; null for none.
 * @param {Model} model
 * @param {number | null} id
 * @param {number} flat
 * @returns {Unit | null}
 */
export function unitOf(model, id, flat) {
  const layer = model.data.layers.find((each) => id !== null && (each.z === id || each.a === id));
  if (!layer) return null;
  const samples = nodeOf(model, layer.a).value?.shape[1] ?? 1;
  return flat % samples === model.data.sample ? { layer: layer.layer, unit: Math.floor(flat / samples) + 1 } : null;
}

/**
 * The node and entry that a unit stands for; the bias unit stands for none of its own.
 * @param {Model} model
 * @param {Unit} unit
 * @returns {{node: number, entry: number} | null}
 */
export function entryOf(model, { layer, unit }) {
  const found = model.data.layers.find((each) => each.layer === layer);
  if (!found || unit === 0) return null;
  const node = found.z ?? found.a;
  const samples = nodeOf(model, node).value?.shape[1] ?? 1;
  return { node, entry: (unit - 1) * samples + model.data.sample };
}

/**
 * The unit that an arrow key leads to: up and down within a layer, left and right between them; null for other keys.
 * @param {readonly Unit[]} units  in order
 * @param {Unit} at
 * @param {string} key
 * @returns {Unit | null}
 */
export function neighbour(units, at, key) {
  const column = units.filter((unit) => unit.layer === at.layer);
  const k = column.findIndex((unit) => same(unit, at));
  if (key === "ArrowUp") return column[k - 1] ?? at;
  if (key === "ArrowDown") return column[k + 1] ?? at;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const beside = units.filter((unit) => unit.layer === at.layer + (key === "ArrowLeft" ? -1 : 1));
  return beside[Math.min(k, beside.length - 1)] ?? at;
}

/** @param {Unit} a @param {Unit} b */
function same(a, b) {
  return a.layer === b.layer && a.unit === b.unit;
}
