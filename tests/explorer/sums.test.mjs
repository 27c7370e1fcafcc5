import assert from "node:assert/strict";
import { test } from "node:test";
import { norm, productText, products, sumText, termText, termsOf } from "../../viz/explorer/sums.mjs";
import { edgeOf } from "../../viz/explorer/model.mjs";
import { chain, number, row, square } from "./graphs.mjs";

test("two contributions add up, in numbers", () => {
  assert.equal(sumText(square(), 0, 0, 6), "∂J/∂x = 3 + 3 = 6");
});

test("a negative contribution is subtracted", () => {
  const model = square();
  model.data.edges[1].contribution = number(-1);
  model.nodes.get(0).grad = number(2);
  assert.equal(sumText(model, 0, 0, 6), "∂J/∂x = 3 − 1 = 2");
});

test("one contribution is not said twice, and the entry is named", () => {
  assert.equal(sumText(chain(), 0, 1, 6), "∂J/∂x[1] = 3");
});

test("the cost's own gradient needs no contribution", () => {
  assert.equal(sumText(square(), 1, 0, 6), "∂J/∂J = 1");
});

test("where numbers are missing there is no sum", () => {
  assert.equal(sumText(square(false), 0, 0, 6), null);
  const model = square();
  delete model.data.edges[0].contribution.data;
  assert.equal(sumText(model, 0, 0, 6), null);
});

test("edges along which nothing is differentiated are no terms", () => {
  assert.deepEqual(termsOf(chain(), 1), []);
  assert.equal(termsOf(square(), 0).length, 2);
});

test("a term stands where the map puts it: before, after or around the gradient", () => {
  const edge = { ...edgeOf(chain(), "0-2-0") };
  assert.equal(termText(chain(), edge), "diag(c) ∂J/∂z³");
  assert.equal(termText(chain(), { ...edge, pulls: "· [a²]ᵀ" }), "∂J/∂z³ · [a²]ᵀ");
  assert.equal(termText(chain(), { ...edge, pulls: "[Θ³]ᵀ ·" }), "[Θ³]ᵀ · ∂J/∂z³");
  assert.equal(termText(chain(), { ...edge, pulls: "gather" }), "gather(∂J/∂z³)");
});

test("the column of the local Jacobian times the gradient above makes the contribution", () => {
  const model = chain();
  const pairs = products(model, edgeOf(model, "0-2-0"), 1);
  assert.deepEqual(pairs, [[3, 1]]);
  assert.equal(productText(pairs, 3, 6), "3 · 1 = 3");
});

test("a product that is not what the sweep added is not shown", () => {
  const model = chain();
  const edge = edgeOf(model, "0-2-0");
  edge.contribution = row(2, 3.1);
  assert.equal(products(model, edge, 1), null);
  assert.notEqual(products(model, edge, 0), null);
});

test("long sums are cut, and say so; negative factors have brackets", () => {
  const pairs = Array.from({ length: 9 }, () => [-1, 2]);
  assert.equal(productText(pairs.slice(0, 2), -4, 6), "(−1) · 2 + (−1) · 2 = −4");
  assert.match(productText(pairs, -18, 6), /… \(9 terms\) = −18$/);
});

test("a norm is that of the data, or the one given", () => {
  assert.equal(norm(row(3, -4)), 5);
  assert.equal(norm({ shape: [100000], dtype: "float64", norm: 7 }), 7);
  assert.equal(norm(null), null);
});
