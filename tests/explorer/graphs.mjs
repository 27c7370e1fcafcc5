/** Small graphs in the shape of the page's data (model.mjs), for the tests of its functions. */

import { modelOf } from "../../viz/explorer/model.mjs";

/** A number as an array. */
export const number = (x) => ({ shape: [], dtype: "float64", data: [x] });

/** A row of numbers as an array. */
export const row = (...data) => ({ shape: [data.length], dtype: "float64", data });

const leaf = (id, name, value, grad, more = {}) => ({
  id,
  name,
  value,
  grad,
  scope: 0,
  op: "",
  label: "",
  role: "parameter",
  form: "",
  sweep: null,
  derivation: null,
  ...more,
});

/** x * x at x = 3: two edges, whose contributions add up. */
export function square(swept = true) {
  const term = (arg) => ({
    u: 0,
    v: 1,
    arg,
    jacobian: "s I : () → ()",
    pulls: "s I",
    matrix: { rows: 1, columns: 1, cells: [[0, 0, 3]] },
    contribution: swept ? number(3) : null,
  });
  return modelOf({
    output: 1,
    swept,
    total: 2,
    limit: 10000,
    steps: [1, 0],
    scopes: [{ name: "", parent: null }],
    layers: [],
    sample: 0,
    nodes: [
      leaf(0, "x", number(3), swept ? number(6) : null),
      leaf(1, "J", number(9), swept ? number(1) : null, { op: "multiply", role: "cost" }),
    ],
    edges: [term(0), term(1)],
  });
}

/** x → z³ = scale(x), J = sum(z³); z³ in the scope "layer 3 / block". x is longer than it looks: y is a constant. */
export function chain() {
  return modelOf({
    output: 3,
    swept: true,
    total: 4,
    limit: 10000,
    steps: [3, 2, 0],
    layers: [],
    sample: 0,
    scopes: [
      { name: "", parent: null },
      { name: "layer 3", parent: 0 },
      { name: "block", parent: 1 },
    ],
    nodes: [
      leaf(0, "x", row(1, -2), row(2, 3)),
      leaf(1, "", row(2, 3), null, { role: "constant" }),
      leaf(2, "z³", row(2, -6), row(1, 1), { op: "multiply", label: "multiply", role: "intermediate", scope: 2 }),
      leaf(3, "", number(-4), number(1), { op: "sum", label: "sum(axis=0)", role: "cost", scope: 1 }),
    ],
    edges: [
      {
        u: 0,
        v: 2,
        arg: 0,
        jacobian: "diag(d) : (2,) → (2,)",
        pulls: "diag(c)",
        contribution: row(2, 3),
        matrix: {
          rows: 2,
          columns: 2,
          cells: [
            [0, 0, 2],
            [1, 1, 3],
          ],
        },
      },
      { u: 1, v: 2, arg: 1, jacobian: null, pulls: "", contribution: null, matrix: null },
      {
        u: 2,
        v: 3,
        arg: 0,
        jacobian: "c · : (2,) → ()",
        pulls: "broadcast",
        contribution: row(1, 1),
        matrix: {
          rows: 1,
          columns: 2,
          cells: [
            [0, 0, 1],
            [0, 1, 1],
          ],
        },
      },
    ],
  });
}

/** The same graph with a network's layers: z³ is layer 2 of it, x layer 1; one unit, two samples. */
export function network() {
  const model = chain();
  const shape = (data) => ({ shape: [1, 2], dtype: "float64", data });
  model.nodes.get(0).value = shape([1, -2]);
  model.nodes.get(2).value = shape([2, -6]);
  model.data.layers = [
    { layer: 1, a: 0 },
    { layer: 2, z: 2, a: 2 },
  ];
  return model;
}
