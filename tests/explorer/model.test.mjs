import assert from "node:assert/strict";
import { test } from "node:test";
import {
  called,
  edgeOf,
  equation,
  foldedAround,
  nodesIn,
  scopePath,
  scopeSummary,
  search,
} from "../../viz/explorer/model.mjs";
import { chain, square } from "./graphs.mjs";

test("a node is called by its name, or by what it is and its number", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((id) => called(chain(), id)),
    ["x", "constant #1", "z³", "sum #3"],
  );
});

test("an equation names the arguments in their order", () => {
  assert.equal(equation(chain(), 2), "z³ = multiply(x, constant #1)");
  assert.equal(equation(square(), 1), "J = multiply(x, x)");
  assert.equal(equation(chain(), 0), "x: parameter");
});

test("parallel edges are two", () => {
  assert.equal(edgeOf(square(), "0-1-0").arg, 0);
  assert.equal(edgeOf(square(), "0-1-1").arg, 1);
  assert.equal(edgeOf(square(), "0-1-2"), undefined);
});

test("a search looks at names and ops, and takes digits for superscripts", () => {
  const found = (words) => [...search(chain(), words)];
  assert.deepEqual(found("z3"), [2]);
  assert.deepEqual(found("MULTI"), [2]);
  assert.deepEqual(found("axis=0"), [3]);
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("nothing"), []);
});

test("a node is hidden by the outermost of the folded scopes around it", () => {
  const model = chain();
  assert.equal(foldedAround(model, 2, new Set()), null);
  assert.equal(foldedAround(model, 2, new Set([2])), 2);
  assert.equal(foldedAround(model, 2, new Set([1, 2])), 1);
  assert.equal(foldedAround(model, 1, new Set([2])), null);
  assert.equal(foldedAround(model, 0, new Set([1, 2])), null);
});

test("a folded scope says what it holds, inner scopes included", () => {
  const model = chain();
  assert.deepEqual(
    nodesIn(model, 1).map(({ id }) => id),
    [2, 3],
  );
  assert.equal(scopeSummary(model, 1), "2 nodes: multiply, sum");
  assert.equal(scopeSummary(model, 2), "1 node: multiply");
  assert.equal(scopePath(model, 2), "layer 3 / block");
});
