// The steps of a layer, in order: each with its shape, the line of NumPy that computes it, and its numbers.

import { element } from "./elements.js";
import { matrixView } from "./matrix_view.js";

/**
 * The steps of one attention layer.
 *
 * words     a label for each token
 * attended  every step of the layer, from attention.js
 * wo        W_o (H·d, d_out)
 * heads     H; `head` and `token` are those that are looked at
 * chooser   makes the buttons that choose a head
 * Returns a list of sections.
 */
export function layerSteps({ words, attended, wo, heads, head, token, mask, scale, chooser }) {
  const one = attended.heads[head];
  const t = words.length;
  const all = attended.joined[0].length;
  const d = all / heads;
  const out = wo[0].length;
  const perToken = (values, title, blocks = 0) => matrixView(values, { rows: words, title, heads: blocks, followed: token });
  const square = (values, title, strong = false) => matrixView(values, { rows: words, columns: words, title, followed: token, strong });
  const columns = `${head * d}:${(head + 1) * d}`;
  const blockNames = Array.from({ length: all }, (_, i) => (i % d ? "" : `head ${i / d}`));
  return [
    step("project", "Project", `q, k, v: (T, H·d) = (${t}, ${all}) each`, "q, k, v = x @ w_q, x @ w_k, x @ w_v", ["q", "k", "v"].map((name) => perToken(attended[name], name, heads))),
    step("split", "Split into heads", `each head: (T, d) = (${t}, ${d})`, `q_h, k_h, v_h = q[:, ${columns}], k[:, ${columns}], v[:, ${columns}]`, [chooser("split"), ...["q", "k", "v"].map((name) => perToken(one[name], `${name} of head ${head}`))]),
    step("scores", "Scores", `(T, T) = (${t}, ${t}), a row for each query`, "scores = q_h @ k_h.T", [square(one.scores)]),
    scale
      ? step("scale", "Scale", `(${t}, ${t})`, `scores = scores / np.sqrt(${d})`, [square(one.scaled)])
      : step("scale", "Scale: switched off", `(${t}, ${t})`, "# not divided", [square(one.scaled)]),
    mask
      ? step("mask", "Mask", `(${t}, ${t})`, "scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)", [square(one.masked)])
      : step("mask", "Mask: switched off", `(${t}, ${t})`, "# every token sees every token", [square(one.masked)]),
    step("softmax", "Softmax", `weights, (${t}, ${t}), each row sums to 1`, "weights = softmax(scores)", [chooser("softmax"), square(one.weights, `weights of head ${head}`)]),
    step("mix", "Mix the values", `(T, d) = (${t}, ${d})`, "head = weights @ v_h", [perToken(one.output, `output of head ${head}`)]),
    step("concatenate", "Concatenate", `(T, H·d) = (${t}, ${all})`, "joined = np.concatenate(heads, axis=-1)", [perToken(attended.joined, "joined", heads)]),
    step("output", "Output projection", `(T, d_model) = (${t}, ${out})`, "output = joined @ w_o", [matrixView(wo, { rows: blockNames, title: `W_o, (${all}, ${out}), a block of ${d} rows for each head` }), perToken(attended.result, "output")]),
  ];
}

/** One step as a section; `name` is the same whatever the step's number is. */
export function step(name, title, shape, code, views) {
  return element("section", { "data-step": name },
    element("h2", {}, title), element("p", { class: "shape" }, shape), element("pre", {}, element("code", {}, code)), element("div", { class: "grids" }, ...views));
}
