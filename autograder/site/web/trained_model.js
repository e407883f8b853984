// The course's trained model on plain arrays of numbers, for the explorer. Tested against reference_impl.
// T tokens, V pieces; each layer reads the normalised tokens and adds its output to them.

import { attend, product } from "./attention.js";

const EPSILON = 1e-5; // as in reference_impl

/** The model from what model_data.py wrote: {pieces, heads, embedding, positions, layers: [{wq, wk, wv, wo}], unembedding}. */
export function unpack({ pieces, heads, matrices }) {
  const { embedding, positions, unembedding, c_attn, w_o } = Object.fromEntries(Object.entries(matrices).map(([name, one]) => [name, matrix(one)]));
  const layers = c_attn.map((fused, l) => {
    const [wq, wk, wv] = [0, 1, 2].map((third) => fused.map((row) => row.slice((third * row.length) / 3, ((third + 1) * row.length) / 3)));
    return { wq, wk, wv, wo: w_o[l] };
  });
  return { pieces, heads, embedding, positions, unembedding, layers };
}

/** Arrays of rows from numbers and a scale for each column; a stack of matrices gives an array of them. */
function matrix({ shape, numbers, scale }) {
  const whole = new Int8Array(bytes(numbers));
  const scales = new Float32Array(bytes(scale));
  const [rows, columns] = shape.slice(-2);
  const one = (m) => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => whole[(m * rows + i) * columns + j] * scales[m * columns + j]));
  return shape.length === 2 ? one(0) : Array.from({ length: shape[0] }, (_, m) => one(m));
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

/**
 * The tokens of a text after the start token, 0: the longest piece that fits is taken, again and again.
 * Throws an error that names the characters no piece has.
 */
export function encode(text, pieces) {
  const numbers = new Map(pieces.map((piece, number) => [piece, number]).slice(1));
  const longest = Math.max(...pieces.slice(1).map(({ length }) => length));
  const left = ` ${text.toLowerCase().split(/\s+/).filter(Boolean).join(" ")}`;
  const tokens = [0];
  for (let at = 0; at < left.length; ) {
    let length = longest;
    while (length && !numbers.has(left.slice(at, at + length))) length--;
    if (!length) throw new RangeError(unknown(left, numbers));
    tokens.push(numbers.get(left.slice(at, at + length)));
    at += length;
  }
  return tokens;
}

function unknown(text, numbers) {
  const strange = [...new Set(text)].filter((letter) => !numbers.has(letter)).join(" ");
  const marks = [...numbers.keys()].filter((piece) => /^[^a-z ]$/.test(piece)).join(" ");
  return `The model never saw ${strange}. Use the letters a to z, spaces and ${marks}`;
}

/** The piece of a token as a label; one that goes on a word begins with a hyphen. */
export function label(piece) {
  if (piece.startsWith(" ")) return piece.trim() || "space";
  return /^\p{L}+$/u.test(piece) ? `-${piece}` : piece;
}

/** Each row divided by the root of the mean of its squares. */
export const norm = (x) => x.map((row) => {
  const size = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / row.length + EPSILON);
  return row.map((value) => value / size);
});

/**
 * Every step of the model for tokens (T,). `off` holds the heads to switch off, as "layer.head": their rows of W_o are zero.
 *
 * Returns {layers: [{x, normed, wo, attended}], x, logits}: what a layer reads and how, each step of its attention, and what
 * leaves the last layer, (T, d_model) and (T, V).
 */
export function run(model, tokens, { mask = true, scale = true, off = new Set() } = {}) {
  let x = tokens.map((token, t) => model.embedding[token].map((value, i) => value + model.positions[t][i]));
  const layers = model.layers.map((weights, l) => {
    const width = weights.wo.length / model.heads;
    const wo = weights.wo.map((row, i) => (off.has(`${l}.${Math.floor(i / width)}`) ? row.map(() => 0) : row));
    const read = x;
    const normed = norm(read);
    const attended = attend({ ...weights, x: normed, wo, heads: model.heads, mask, scale });
    x = read.map((row, t) => row.map((value, i) => value + attended.result[t][i]));
    return { x: read, normed, wo, attended };
  });
  return { layers, x, logits: product(norm(x), model.unembedding) };
}
