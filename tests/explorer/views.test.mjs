import assert from "node:assert/strict";
import { test } from "node:test";
import { around, holding, zoomed } from "../../viz/explorer/viewport.mjs";
import { entryOf, neighbour, unitOf } from "../../viz/explorer/layers.mjs";
import { heatOf, largestOf, movedIn } from "../../viz/explorer/tables.mjs";
import { network } from "./graphs.mjs";

test("heat tells sign and size, and the largest is the strongest", () => {
  assert.equal(heatOf(2, 2), "heat plus-6");
  assert.equal(heatOf(0.7154, 0.7154), "heat plus-6");
  assert.equal(heatOf(-1, 2), "heat minus-3");
  assert.equal(heatOf(1e-9, 2), "heat plus-1");
  assert.equal(heatOf(0, 2), "heat zero");
  assert.equal(heatOf("NaN", 2), "heat not-finite");
  assert.equal(heatOf("-Infinity", 2), "heat not-finite");
  assert.equal(largestOf([1, -3, "NaN", "Infinity", true]), 3);
});

test("heat is never stronger than the strongest, whatever the rounding", () => {
  for (let k = 1; k < 2000; k++) assert.equal(heatOf(k / 997, k / 997), "heat plus-6");
});

test("arrow keys move by one entry or one row, and stop at the ends", () => {
  assert.equal(movedIn("ArrowRight", 0, 3, 6), 1);
  assert.equal(movedIn("ArrowDown", 1, 3, 6), 4);
  assert.equal(movedIn("ArrowDown", 4, 3, 6), 4);
  assert.equal(movedIn("ArrowLeft", 0, 3, 6), 0);
  assert.equal(movedIn("End", 0, 3, 6), 5);
  assert.equal(movedIn("a", 0, 3, 6), null);
});

test("zooming keeps the point under the pointer where it is", () => {
  const box = { x: 10, y: 20, width: 100, height: 50 };
  const after = zoomed(box, 0.5, 35, 30);
  assert.equal((35 - after.x) / after.width, (35 - box.x) / box.width);
  assert.equal((30 - after.y) / after.height, (30 - box.y) / box.height);
});

test("a view moves only as far as needed to show a thing", () => {
  const view = { x: 0, y: 0, width: 80, height: 80 };
  assert.deepEqual(holding(view, { x: 20, y: 20, width: 20, height: 20 }), view);
  assert.equal(holding(view, { x: 100, y: 20, width: 20, height: 20 }).x, 50);
  assert.equal(holding(view, { x: -30, y: 20, width: 20, height: 20 }).x, -40);
  assert.equal(holding(view, { x: 10, y: 20, width: 200, height: 20 }).x, 10);
  assert.deepEqual(around({ x: 0, y: 0, width: 100, height: 50 }, 1), { x: 0, y: -25, width: 100, height: 100 });
});

test("a unit is an entry of its layer's z, at the sample that is shown, and back", () => {
  const model = network();
  assert.deepEqual(entryOf(model, { layer: 2, unit: 1 }), { node: 2, entry: 0 });
  assert.deepEqual(unitOf(model, 2, 0), { layer: 2, unit: 1 });
  assert.equal(unitOf(model, 2, 1), null, "the other sample");
  assert.equal(entryOf(model, { layer: 2, unit: 0 }), null, "the bias unit");
  assert.equal(unitOf(model, null, 0), null);
  model.data.sample = 1;
  assert.deepEqual(entryOf(model, { layer: 1, unit: 1 }), { node: 0, entry: 1 });
});

test("arrow keys go from unit to unit", () => {
  const units = [
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
    [2, 2],
  ].map(([layer, unit]) => ({ layer, unit }));
  assert.deepEqual(neighbour(units, { layer: 2, unit: 2 }, "ArrowLeft"), { layer: 1, unit: 1 });
  assert.deepEqual(neighbour(units, { layer: 1, unit: 0 }, "ArrowDown"), { layer: 1, unit: 1 });
  assert.deepEqual(neighbour(units, { layer: 1, unit: 1 }, "ArrowDown"), { layer: 1, unit: 1 });
  assert.deepEqual(neighbour(units, { layer: 1, unit: 1 }, "ArrowLeft"), { layer: 1, unit: 1 });
  assert.equal(neighbour(units, { layer: 1, unit: 1 }, "Enter"), null);
});
