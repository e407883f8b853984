// The attention explorer: choose a sentence and a layer, and see every step with its shape and its line of NumPy.

import { attend, embedding, matrix } from "./attention.js";
import { element } from "./elements.js";
import { layerSteps, step } from "./explorer_steps.js";
import { load } from "./load.js";
import { matrixView, smallPicture } from "./matrix_view.js";
import { encode, label, run, unpack } from "./trained_model.js";

const D_MODEL = 4;
const LONGEST = { own: 8, trained: 24 }; // words, and tokens
const READY = {
  own: ["the cat sat down", "the animal was tired", "the bank by the river", "we like what we see"],
  trained: [
    "emma read the letter, and then she read it again.",
    "letter sir world fanny would house letter sir world fanny would house",
    "mr. darcy was very happy with miss bennet, and miss bennet",
    "it is a truth universally acknowledged",
  ],
};
const MATRICES = [["wq", "W_q"], ["wk", "W_k"], ["wv", "W_v"], ["wo", "W_o"]];

const root = document.getElementById("explorer");
// What is chosen, for each kind of numbers, so that nothing is lost by looking at the other kind.
const choices = {
  own: { sentence: READY.own[0], heads: 2, head: 0, token: 1, mask: false, scale: true, edited: "wq", seed: 7, weights: drawn(7) },
  trained: { sentence: READY.trained[0], layer: 0, head: 0, token: 3, mask: true, scale: true, off: new Set() },
};
let kind = new URLSearchParams(location.search).get("numbers") === "trained" ? "trained" : "own";
let model = null; // once it is loaded
const state = () => choices[kind];

const parts = Object.fromEntries(["controls", "tokens", "said", "looks", "editor", "steps"].map((name) => [name, element("div", { class: `explorer-${name}` })]));
parts.said.setAttribute("role", "status");
root.replaceChildren(...Object.values(parts));

function drawn(seed) {
  return Object.fromEntries(MATRICES.map(([name], i) => [name, matrix(D_MODEL, D_MODEL, seed + i)]));
}

/** Change what is chosen, and draw everything anew. */
function set(changes) {
  Object.assign(state(), changes);
  draw();
}

// The controls.

function drawControls() {
  const now = state();
  const sentence = element("input", { type: "text", value: now.sentence, size: "38", maxlength: "160", "data-key": "sentence", oninput: ({ target }) => set({ sentence: target.value }) });
  const ready = menu("or", "", [["", "Choose one"], ...READY[kind].map((one) => [one, one])], (value) => {
    if (!value) return;
    sentence.value = value;
    set({ sentence: value, token: 1 });
  });
  const own = () => [
    menu("Heads", now.heads, [1, 2, 4].map((n) => [n, n]), (value) => set({ heads: Number(value), head: 0 })),
    menu("Change by hand", now.edited, MATRICES, (edited) => set({ edited })),
    element("button", { type: "button", onclick: () => set({ seed: now.seed + 10, weights: drawn(now.seed + 10) }) }, "New numbers"),
  ];
  const trained = () => [menu("Layer", now.layer, [0, 1].map((n) => [n, n]), (value) => set({ layer: Number(value) }))];
  parts.controls.replaceChildren(
    element("form", { class: "filters-here", onsubmit: (event) => event.preventDefault() },
      menu("Numbers", kind, [["own", "a small layer, to change by hand"], ["trained", "the trained model of unit 9"]], (other) => {
        change(other);
        parts.controls.querySelector("select").focus({ preventScroll: true });
      }),
      element("label", {}, "Sentence ", sentence), ready,
      ...(kind === "own" ? own() : trained()),
      tick("Causal mask", "mask"), tick("Divide by √d_k", "scale")),
    element("p", { class: "hint" }, kind === "own"
      ? `Up to ${LONGEST.own} words. d_model is ${D_MODEL}. A word always has the same vector. These vectors are made up, so the numbers carry no meaning, but every step is computed as in a real model.`
      : `Two layers with six heads each, trained on Jane Austen's novels: d_model is 96, and every head is 16 wide. Up to ${LONGEST.trained} tokens; a token is a word or a piece of one. The mask belongs to the model: switch it off to see what it was never trained for.`));
}

function menu(text, value, options, chosen) {
  const made = options.map(([name, shown]) => element("option", String(name) === String(value) ? { value: name, selected: "" } : { value: name }, String(shown)));
  return element("label", {}, `${text} `, element("select", { onchange: ({ target }) => chosen(target.value) }, ...made));
}

function tick(text, name) {
  const box = element("input", { type: "checkbox", name, onchange: ({ target }) => set({ [name]: target.checked }) });
  box.checked = state()[name];
  return element("label", {}, box, ` ${text}`);
}

/** Look at the other kind of numbers; the address keeps it. The trained model is loaded when it is first asked for. */
async function change(other) {
  kind = other;
  history.replaceState(null, "", `${location.pathname}${kind === "trained" ? "?numbers=trained" : ""}`);
  drawControls();
  if (kind === "trained" && !model) {
    say("The trained model is being loaded.");
    try {
      model = unpack(await load("_static/trained_model.js", "mhaModel"));
    } catch (error) {
      return say(`The trained model could not be loaded: ${error.message}. Reload the page to try again.`);
    }
  }
  return draw();
}

/** A sentence in place of the steps. */
function say(sentence) {
  parts.said.textContent = sentence;
  for (const name of ["tokens", "looks", "editor", "steps"]) parts[name].replaceChildren();
}

// What is computed.

/** The words, the layer's steps before and after its attention, and its attention: for the numbers a reader made. */
function ownLayer({ sentence, heads, mask, scale, weights, token }) {
  const words = sentence.split(/\s+/).filter(Boolean).slice(0, LONGEST.own);
  if (!words.length) throw new RangeError("Write a sentence of one word or more.");
  const x = words.map((word) => embedding(word, D_MODEL));
  const before = [step("tokens", "The tokens", `x, (T, d_model) = (${words.length}, ${D_MODEL})`, "x = embedding[tokens]", [matrixView(x, { rows: words, followed: token })])];
  return { words, heads, attended: attend({ x, ...weights, heads, mask, scale }), wo: weights.wo, before, after: () => [] };
}

/** The same for a layer of the trained model. */
function trainedLayer({ sentence, layer, token, ...switches }) {
  const tokens = encode(sentence, model.pieces).slice(0, LONGEST.trained);
  if (tokens.length < 2) throw new RangeError("Write a sentence of one word or more.");
  const words = tokens.map((one) => label(model.pieces[one]));
  const { layers, logits } = run(model, tokens, switches);
  const { x, normed, wo, attended } = layers[layer];
  const shape = `x, (T, d_model) = (${words.length}, ${x[0].length})`;
  const wide = (values, title) => [matrixView(values, { rows: words, title, followed: token })];
  const before = [
    layer
      ? step("tokens", "What layer 0 left", shape, "x = x + output_of_layer_0", wide(x, "x"))
      : step("tokens", "The tokens", shape, "x = embedding[tokens] + positions[:T]", wide(x, "x")),
    step("norm", "Normalise", `(${words.length}, ${x[0].length}); the layer reads this x and adds its output to the one above`, "x = x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)", wide(normed, "normalised x")),
  ];
  const after = (now) => [step("next", `What the model expects after "${words[now]}"`, `logits, (T, V) = (${words.length}, ${model.pieces.length}), after both layers; softmax turns row ${now} into probabilities`, `probabilities = softmax(norm(x) @ unembedding)[${now}]`, [expected(logits[now])])];
  return { words, heads: model.heads, attended, wo, before, after };
}

function expected(logits) {
  const top = Math.max(...logits);
  const exps = logits.map((value) => Math.exp(value - top));
  const total = exps.reduce((sum, value) => sum + value, 0);
  const best = exps.map((value, piece) => [value / total, piece]).sort(([one], [other]) => other - one).slice(0, 5);
  return element("table", { class: "grid likely" }, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "token"), element("th", { scope: "col" }, "probability"))),
    element("tbody", {}, ...best.map(([share, piece]) => element("tr", {}, element("th", { scope: "row" }, label(model.pieces[piece])),
      element("td", {}, element("span", { class: "bar", style: `width: ${(100 * share).toFixed(1)}px` }), share.toFixed(2))))));
}

// What is drawn.

function draw() {
  if (kind === "trained" && !model) return undefined; // it is on its way, and is drawn when it is here
  let layer;
  try {
    layer = kind === "own" ? ownLayer(state()) : trainedLayer(state());
  } catch (error) {
    if (error instanceof RangeError) return say(error.message);
    throw error;
  }
  const now = state();
  now.token = Math.min(now.token, layer.words.length - 1);
  const focused = document.activeElement?.dataset?.key;
  const open = new Set([...parts.steps.querySelectorAll("details[open]")].map(({ dataset }) => dataset.key));
  drawTokens(layer);
  drawEditor();
  const steps = [...layer.before, ...layerSteps({ ...layer, ...now, heads: layer.heads, chooser: (where) => chooser(layer, where) }), ...layer.after(now.token)];
  steps.forEach((section, i) => section.querySelector("h2").prepend(`${i + 1}. `));
  parts.steps.replaceChildren(...steps);
  for (const details of parts.steps.querySelectorAll("details")) details.open = open.has(details.dataset.key);
  for (const box of parts.steps.querySelectorAll(".grids, .picture-body, details")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  if (focused && document.activeElement?.dataset?.key !== focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  return undefined;
}

/** Buttons for the tokens; a table of where each head looks from the one under the pointer or chosen. */
function drawTokens({ words, attended }) {
  const { token, head, layer, off } = state();
  const shares = attended.heads[head].weights[token];
  const follow = (t) => t !== state().token && set({ token: t });
  parts.tokens.setAttribute("role", "group");
  parts.tokens.setAttribute("aria-label", "Token to follow");
  parts.tokens.replaceChildren(...words.map((word, t) =>
    element("button", { type: "button", "data-key": `token ${t}`, "aria-pressed": String(t === token), style: `--share: ${Math.round(shares[t] * 100)}%`, onclick: () => follow(t), onmouseenter: () => follow(t) },
      word, element("span", { class: "share" }, shares[t].toFixed(2)))));
  const most = shares.indexOf(Math.max(...shares));
  parts.said.textContent = `Head ${head}: "${words[token]}" takes most from "${words[most]}" (${shares[most].toFixed(2)}).`;
  const looks = matrixView(attended.heads.map(({ weights }) => weights[token]), { rows: attended.heads.map((_, h) => `head ${h}`), columns: words, title: `Where each head looks from "${words[token]}"`, followed: head });
  for (const [h, name] of [...looks.querySelectorAll("tbody th")].entries()) {
    name.replaceChildren(element("button", { type: "button", class: "link", "data-key": `look ${h}`, "aria-pressed": String(h === head), onclick: () => set({ head: h }) }, `head ${h}`));
    if (off) name.after(element("td", {}, element("input", { type: "checkbox", "data-key": `off ${h}`, "aria-label": `Switch head ${h} off`, ...(off.has(`${layer}.${h}`) ? { checked: "" } : {}), onchange: ({ target }) => {
      if (target.checked) off.add(`${layer}.${h}`);
      else off.delete(`${layer}.${h}`);
      draw();
    } })));
  }
  if (off) looks.querySelector("thead td").after(element("th", { scope: "col" }, "off"));
  parts.looks.replaceChildren(looks);
}

/** Buttons that choose a head, each with a picture of the head's weights. */
function chooser({ attended }, where) {
  const { head, token } = state();
  return element("div", { class: "explorer-heads", role: "group", "aria-label": "Head to look at" }, ...attended.heads.map(({ weights }, h) =>
    element("button", { type: "button", "data-key": `${where} ${h}`, "aria-pressed": String(h === head), onclick: () => set({ head: h }) }, smallPicture(weights, token), element("span", {}, `head ${h}`))));
}

/** The numbers of one matrix, to change; while somebody types there, they stay as they are. */
function drawEditor() {
  const { edited, weights } = state();
  if (!edited) return parts.editor.replaceChildren();
  if (parts.editor.contains(document.activeElement)) return undefined;
  const title = Object.fromEntries(MATRICES)[edited];
  const cells = weights[edited].map((row, i) => element("tr", {}, element("th", { scope: "row" }, String(i)), ...row.map((value, j) =>
    element("td", {}, element("input", { type: "number", step: "0.1", min: "-9", max: "9", value: String(value), "aria-label": `${title}, row ${i}, column ${j}`, oninput: ({ target }) => {
      const typed = Number(target.value);
      if (target.value === "" || !Number.isFinite(typed)) return;
      const all = state().weights;
      set({ weights: { ...all, [edited]: all[edited].map((one, r) => one.map((old, c) => (r === i && c === j ? typed : old))) } });
    } })))));
  const head = element("tr", {}, element("td", {}), ...weights[edited][0].map((_, j) => element("th", { scope: "col" }, String(j))));
  return parts.editor.replaceChildren(element("table", {}, element("caption", {}, `${title}, (${D_MODEL}, ${D_MODEL}): change a number`), element("thead", {}, head), element("tbody", {}, ...cells)));
}

if (kind === "trained") change(kind);
else {
  drawControls();
  draw();
}
