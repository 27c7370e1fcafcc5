import assert from "node:assert/strict";
import { test } from "node:test";
import { column, count, counted, indexText, scalar, shapeText } from "../../viz/explorer/format.mjs";

test("a number has so many digits, a real minus, and no zeros at its end", () => {
  for (const [x, text] of [
    [3, "3"],
    [-0.25, "−0.25"],
    [1 / 3, "0.333333"],
    [123456.7, "123457"],
    [1234567.8, "1.23457e6"],
    [1e-12, "1e−12"],
    [0.0001, "0.0001"],
    [0.00001, "1e−5"],
    [99.9999999, "100"],
    [0, "0"],
    [-0, "0"],
    [1e100, "1e100"],
    [120, "120"],
    [1e5, "100000"],
    [999999.5, "1e6"],
    [10, "10"],
  ])
    assert.equal(scalar(x, 6), text, String(x));
});

test("what is no number in JSON is shown as what it is", () => {
  assert.equal(scalar("NaN", 6), "NaN");
  assert.equal(scalar("-Infinity", 6), "−∞");
  assert.equal(scalar(true, 6), "True");
  assert.equal(scalar("1152921504606846976", 0), "1152921504606846976");
});

test("with all digits, a number reads back as itself", () => {
  for (const x of [0.1, 1 / 3, -1e-300, 5e-324, 1.7976931348623157e308, 123456789.123]) {
    assert.equal(Number(scalar(x, 0).replace("−", "-").replace("e−", "e-")), x);
  }
});

test("the entries of an array have decimals in common, and none reads 0 that is not", () => {
  assert.deepEqual(column([0.5, -0.25], 6), ["0.5000", "−0.2500"]);
  assert.deepEqual(column([0.5, 1e-7, 0], 6), ["0.5000", "1.0e−7", "0"]);
  assert.deepEqual(column([1, 2, 300], 6), ["1", "2", "300"]);
  assert.deepEqual(column([1e7, 2.5], 6), ["1.000e7", "2.500"]);
  assert.deepEqual(column(["NaN", 1.5, "Infinity"], 6), ["NaN", "1.500", "∞"]);
  assert.deepEqual(column([true, false], 6), ["True", "False"]);
  assert.deepEqual(column([0.1, 1 / 3], 0), ["0.1", "0.3333333333333333"]);
  assert.deepEqual(column([], 6), []);
});

test("shapes and indices are written as in Python", () => {
  assert.deepEqual([[], [3], [4, 5]].map(shapeText), ["()", "(3,)", "(4, 5)"]);
  assert.deepEqual(
    [indexText([], 0), indexText([3], 2), indexText([4, 5], 7), indexText([2, 3, 4], 23)],
    ["", "[2]", "[1, 2]", "[1, 2, 3]"],
  );
});

test("counts have their noun", () => {
  assert.deepEqual([counted(1, "node"), counted(0, "node"), count(1234567)], ["1 node", "0 nodes", "1,234,567"]);
});
