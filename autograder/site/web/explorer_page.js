// The attention explorer: choose a sentence and a layer's numbers, and see every step with its shape and its line of NumPy.

import { attend, embedding, matrix } from "./attention.js";
import { element } from "./elements.js";

const D_MODEL = 4;
const SENTENCES = ["the cat sat down", "the animal was tired", "the bank by the river", "we like what we see"];
const LONGEST = 8;
const root = document.getElementById("explorer");

const state = { sentence: SENTENCES[0], heads: 2, head: 0, token: 1, mask: false, scale: true, edited: "wq", seed: 7, weights: null };
state.weights = fresh();

function fresh() {
  return { wq: matrix(D_MODEL, D_MODEL, state.seed), wk: matrix(D_MODEL, D_MODEL, state.seed + 1), wv: matrix(D_MODEL, D_MODEL, state.seed + 2), wo: matrix(D_MODEL, D_MODEL, state.seed + 3) };
}

const tokens = () => state.sentence.split(/\s+/).filter(Boolean).slice(0, LONGEST);

const input = element("input", { type: "text", value: state.sentence, size: "34", maxlength: "120", oninput: ({ target }) => {
  state.sentence = target.value;
  draw();
} });
const ready = element("select", { onchange: ({ target }) => {
  if (!target.value) return;
  state.sentence = input.value = target.value;
  draw();
} }, element("option", { value: "" }, "Choose one"), ...SENTENCES.map((one) => element("option", { value: one }, one)));
const controls = element("form", { class: "filters-here explorer-controls", onsubmit: (event) => event.preventDefault() },
  element("label", {}, "Sentence ", input),
  element("label", {}, "or ", ready),
  choice("Heads", "heads", [1, 2, 4]),
  tick("Causal mask", "mask"),
  tick("Divide by √d_k", "scale"),
  choice("Change by hand", "edited", [["wq", "W_q"], ["wk", "W_k"], ["wv", "W_v"], ["wo", "W_o"]]),
  element("button", { type: "button", onclick: () => { state.seed += 10; state.weights = fresh(); draw(); } }, "New numbers"));
const chosen = element("div", { class: "explorer-tokens", role: "group", "aria-label": "Token to follow" });
const editor = element("div", { class: "explorer-editor" });
const steps = element("div", { class: "explorer-steps" });
const said = element("p", { role: "status", class: "explorer-said" });
root.replaceChildren(controls, element("p", { class: "hint" }, `Up to ${LONGEST} words. d_model = ${D_MODEL}; a word always has the same vector, so the numbers mean nothing, but what happens to them is what happens in a model.`), chosen, said, editor, steps);

function choice(label, name, values) {
  const options = values.map((one) => {
    const [value, text] = Array.isArray(one) ? one : [one, String(one)];
    return element("option", state[name] === value ? { value, selected: "" } : { value }, text);
  });
  return element("label", {}, `${label} `, element("select", { name, onchange: ({ target }) => {
    state[name] = name === "heads" ? Number(target.value) : target.value;
    state.head = 0;
    draw();
  } }, ...options));
}

function tick(label, name) {
  const box = element("input", { type: "checkbox", name, onchange: ({ target }) => {
    state[name] = target.checked;
    draw();
  } });
  box.checked = state[name];
  return element("label", {}, box, ` ${label}`);
}

function draw() {
  const words = tokens();
  if (!words.length) {
    said.textContent = "Write a sentence of one word or more.";
    steps.replaceChildren();
    chosen.replaceChildren();
    return;
  }
  state.token = Math.min(state.token, words.length - 1);
  const x = words.map((word) => embedding(word, D_MODEL));
  const layer = attend({ x, ...state.weights, heads: state.heads, mask: state.mask, scale: state.scale });
  const d = D_MODEL / state.heads;
  drawTokens(words, layer);
  drawEditor();
  drawSteps(words, x, layer, d);
  const { weights } = layer.heads[state.head];
  const row = weights[state.token];
  const most = row.indexOf(Math.max(...row));
  said.textContent = `Head ${state.head}: "${words[state.token]}" takes most from "${words[most]}" (${row[most].toFixed(2)}).`;
}

/** Buttons for the tokens; the one under the pointer or with the focus shows where each head looks. */
function drawTokens(words, layer) {
  const follow = (t) => {
    if (t === state.token) return;
    state.token = t;
    draw();
    chosen.children[t]?.focus({ preventScroll: true });
  };
  const had = chosen.contains(document.activeElement);
  const shares = layer.heads[state.head].weights[state.token];
  chosen.replaceChildren(...words.map((word, t) =>
    element("button", { type: "button", "aria-pressed": String(t === state.token), style: `--share: ${Math.round(shares[t] * 100)}%`, onclick: () => follow(t), onmouseenter: () => !had && hover(t) },
      word, element("span", { class: "share" }, shares[t].toFixed(2)))));
  function hover(t) {
    if (t !== state.token) {
      state.token = t;
      draw();
    }
  }
}

function drawEditor() {
  const name = state.edited;
  const title = { wq: "W_q", wk: "W_k", wv: "W_v", wo: "W_o" }[name];
  if (editor.dataset.name === name && editor.contains(document.activeElement)) return; // typing goes on
  editor.dataset.name = name;
  const cells = state.weights[name].map((row, i) => element("tr", {}, element("th", { scope: "row" }, String(i)), ...row.map((value, j) =>
    element("td", {}, element("input", { type: "number", step: "0.1", min: "-9", max: "9", value: String(value), "aria-label": `${title}, row ${i}, column ${j}`, oninput: ({ target }) => {
      const typed = Number(target.value);
      if (target.value === "" || !Number.isFinite(typed)) return;
      state.weights[name] = state.weights[name].map((one, r) => one.map((old, c) => (r === i && c === j ? typed : old)));
      draw();
    } })))));
  const head = element("tr", {}, element("td", {}), ...state.weights[name][0].map((_, j) => element("th", { scope: "col" }, String(j))));
  editor.replaceChildren(element("table", {}, element("caption", {}, `${title}, (${D_MODEL}, ${D_MODEL}): change a number`), element("thead", {}, head), element("tbody", {}, ...cells)));
}

function drawSteps(words, x, layer, d) {
  const H = state.heads;
  const T = words.length;
  const h = state.head;
  const one = layer.heads[h];
  const columns = (n) => Array.from({ length: n }, (_, j) => String(j));
  const byHead = (n) => Array.from({ length: H }, (_, i) => [i * n, `head ${i}`]);
  const headChoice = element("div", { class: "explorer-heads", role: "group", "aria-label": "Head to look at" }, ...layer.heads.map((_, i) =>
    element("button", { type: "button", "aria-pressed": String(i === h), onclick: () => { state.head = i; draw(); root.querySelectorAll(".explorer-heads button")[i].focus({ preventScroll: true }); } }, `head ${i}`)));
  const s = `${h * d}:${(h + 1) * d}`;
  const list = [
    step("1. The tokens", `x, (T, d_model) = (${T}, ${D_MODEL})`, "x = embedding[tokens]", [grid(x, words, columns(D_MODEL))]),
    step("2. Project", `q, k, v: (T, H·d) = (${T}, ${H * d}) each`, "q, k, v = x @ w_q, x @ w_k, x @ w_v", [grid(layer.q, words, columns(H * d), "q", byHead(d)), grid(layer.k, words, columns(H * d), "k", byHead(d)), grid(layer.v, words, columns(H * d), "v", byHead(d))]),
    step("3. Split into heads", `each head: (T, d) = (${T}, ${d})`, `q_h, k_h, v_h = q[:, ${s}], k[:, ${s}], v[:, ${s}]`, [headChoice, grid(one.q, words, columns(d), `q of head ${h}`), grid(one.k, words, columns(d), `k of head ${h}`), grid(one.v, words, columns(d), `v of head ${h}`)]),
    step("4. Scores", `(T, T) = (${T}, ${T}), a row for each query`, "scores = q_h @ k_h.T", [grid(one.scores, words, words)]),
    step(state.scale ? "5. Scale" : "5. Scale: switched off", `(${T}, ${T})`, state.scale ? `scores = scores / np.sqrt(${d})` : "# not divided", [grid(one.scaled, words, words)]),
    step(state.mask ? "6. Mask" : "6. Mask: switched off", `(${T}, ${T})`, state.mask ? "scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)" : "# every token sees every token", [grid(one.masked, words, words)]),
    step("7. Softmax", `weights, (${T}, ${T}), each row sums to 1`, "weights = softmax(scores)", layer.heads.map(({ weights }, i) => grid(weights, words, words, `weights of head ${i}`, [], i === h))),
    step("8. Mix the values", `(T, d) = (${T}, ${d})`, "head = weights @ v_h", [grid(one.output, words, columns(d), `output of head ${h}`)]),
    step("9. Concatenate", `(T, H·d) = (${T}, ${H * d})`, "joined = np.concatenate(heads, axis=-1)", [grid(layer.joined, words, columns(H * d), "", byHead(d))]),
    step("10. Output projection", `(T, d_model) = (${T}, ${D_MODEL})`, "output = joined @ w_o", [grid(state.weights.wo, Array.from({ length: H * d }, (_, i) => (i % d ? "" : `head ${i / d}`)), columns(D_MODEL), "W_o, a block of rows for each head"), grid(layer.result, words, columns(D_MODEL), "output")]),
  ];
  const open = new Set([...steps.querySelectorAll("details[open]")].map((details) => details.dataset.name));
  const focused = steps.contains(document.activeElement) ? document.activeElement.closest("section")?.dataset.step : null;
  steps.replaceChildren(...list);
  for (const details of steps.querySelectorAll("details")) details.open = open.has(details.dataset.name);
  if (focused) steps.querySelector(`section[data-step="${focused}"] button, section[data-step="${focused}"] summary`)?.focus({ preventScroll: true });
}

function step(title, shape, code, pictures) {
  return element("section", { "data-step": title.split(".")[0] }, element("h2", {}, title), element("p", { class: "shape" }, shape), element("pre", {}, element("code", {}, code)), element("div", { class: "grids" }, ...pictures));
}

/** A table of numbers, coloured: blue above 0, orange below. It is a real table, so it can be read aloud as it stands. */
function grid(values, rows, columns, title = "", groups = [], strong = false) {
  const largest = Math.max(...values.flat().filter(Number.isFinite).map(Math.abs), 1e-9);
  const top = Math.max(largest, 1);
  const starts = new Map(groups);
  const cell = (value, i, j) => {
    const share = Number.isFinite(value) ? Math.min(Math.abs(value) / top, 1) : 0;
    const end = value > 0 ? [8, 69, 148] : [166, 84, 0];
    const colour = end.map((c) => Math.round(255 + (c - 255) * share));
    const fill = value === -Infinity ? "" : `background: rgb(${colour.join(" ")}); color: ${inkOn(colour)}`;
    const kind = [value === -Infinity ? "hidden-cell" : "", starts.has(j) && j ? "begins" : ""].join(" ").trim();
    return element("td", { ...(fill ? { style: fill } : {}), ...(kind ? { class: kind } : {}) }, value === -Infinity ? "−∞" : value.toFixed(2));
  };
  const head = element("tr", {}, element("td", {}), ...columns.map((name, j) => element("th", { scope: "col" }, starts.get(j) ?? (groups.length ? "" : name) ?? "")));
  if (groups.length) head.querySelectorAll("th").forEach((th) => th.textContent === "" && th.replaceWith(element("td", {})));
  const body = values.map((row, i) => element("tr", { class: i === state.token && rows === tokensNow(rows) ? "followed" : "" }, rows[i] ? element("th", { scope: "row" }, rows[i]) : element("td", {}), ...row.map((value, j) => cell(value, i, j))));
  return element("table", { class: `grid${strong ? " strong" : ""}` }, ...(title ? [element("caption", {}, title)] : []), element("thead", {}, head), element("tbody", {}, ...body));
}

/** Black or white, whichever stands out more. */
function inkOn(colour) {
  const [red, green, blue] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 ? "#fff" : "#000";
}

const tokensNow = (rows) => (rows.length === tokens().length && rows.every((word, i) => word === tokens()[i]) ? rows : null);

draw();
