import assert from "node:assert/strict";
import { test } from "node:test";
import { lastStep, stateAt, stepText } from "../../viz/explorer/sweep.mjs";
import { chain, square } from "./graphs.mjs";

test("before the first step no gradient is known", () => {
  const state = stateAt(chain(), 0);
  assert.equal(state.active, null);
  assert.equal(state.known.size + state.begun.size + state.passed.size, 0);
});

test("a step completes one node and passes back to its arguments", () => {
  const state = stateAt(chain(), 1);
  assert.equal(state.active, 3);
  assert.deepEqual([...state.known], [3]);
  assert.deepEqual([...state.begun], [2]);
  assert.deepEqual([...state.passing], ["2-3-0"]);
});

test("what has passed stays passed, and a node begun is known in the end", () => {
  const state = stateAt(chain(), 2);
  assert.deepEqual([...state.passed].sort(), ["0-2-0", "2-3-0"]);
  assert.deepEqual([...state.summed], ["2-3-0"]);
  assert.deepEqual([...state.begun], [0]);
  assert.equal(stateAt(chain(), 3).begun.size, 0);
});

test("both of two parallel edges pass something in the one step", () => {
  assert.deepEqual([...stateAt(square(), 1).passing], ["0-1-0", "0-1-1"]);
});

test("a step says what is added up and where it goes", () => {
  assert.equal(stepText(square(), 0), "Step 0 of 2: the forward pass. All values are known, no gradient is.");
  assert.equal(stepText(square(), 1), "Step 1 of 2: ∂J/∂J = 1. It passes back to x.");
  assert.equal(stepText(square(), 2), "Step 2 of 2: ∂J/∂x = s I ∂J/∂J + s I ∂J/∂J, the sum of 2 contributions.");
});

test("without a sweep there are no steps", () => {
  assert.equal(lastStep(square(false)), 0);
  assert.match(stepText(square(false), 0), /^No backward yet/);
});
