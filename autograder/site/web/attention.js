// Multi-head attention on plain arrays of numbers, for the explorer. Tested against reference_impl.
// Matrices are arrays of rows; weights multiply on the right.

/** a (n, m) times b (m, p). */
export function product(a, b) {
  return a.map((row) => {
    const sums = b[0].map(() => 0);
    row.forEach((value, i) => {
      for (let j = 0; j < sums.length; j++) sums[j] += value * b[i][j];
    });
    return sums;
  });
}

export const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));

/** Each row's softmax, safe for large scores; -Infinity gets weight 0. A row without any finite score gives zeros. */
export function softmax(scores) {
  return scores.map((row) => {
    const largest = Math.max(...row);
    if (largest === -Infinity) return row.map(() => 0);
    const exps = row.map((score) => Math.exp(score - largest));
    const total = exps.reduce((sum, value) => sum + value, 0);
    return exps.map((value) => value / total);
  });
}

/** The columns of head h, from h·d up to, but not including, (h + 1)·d. */
export const slice = (a, h, d) => a.map((row) => row.slice(h * d, (h + 1) * d));

/**
 * Every step of a layer for one sequence.
 *
 * x (T, d_model); wq, wk (d_model, H·d_k); wv (d_model, H·d_v); wo (H·d_v, d_out); heads H.
 * With `mask`, token t looks at tokens 0 to t only; without `scale`, scores are not divided by sqrt(d_k).
 * Returns q, k, v as projected, per head {q, k, v, scores, scaled, masked, weights, output}, the concatenation and the result.
 */
export function attend({ x, wq, wk, wv, wo, heads, mask, scale }) {
  const q = product(x, wq); // (T, H·d_k)
  const k = product(x, wk); // (T, H·d_k)
  const v = product(x, wv); // (T, H·d_v)
  const dk = wq[0].length / heads;
  const dv = wv[0].length / heads;
  const parts = Array.from({ length: heads }, (_, h) => {
    const own = { q: slice(q, h, dk), k: slice(k, h, dk), v: slice(v, h, dv) };
    const scores = product(own.q, transposed(own.k)); // (T, T)
    const scaled = scale ? scores.map((row) => row.map((score) => score / Math.sqrt(dk))) : scores;
    const masked = mask ? scaled.map((row, i) => row.map((score, j) => (j > i ? -Infinity : score))) : scaled;
    const weights = softmax(masked); // (T, T)
    return { ...own, scores, scaled, masked, weights, output: product(weights, own.v) };
  });
  const joined = x.map((_, t) => parts.flatMap(({ output }) => output[t])); // (T, H·d_v)
  return { q, k, v, heads: parts, joined, result: product(joined, wo) };
}

/** Numbers between -1 and 1 that depend on nothing but the seed: a small linear congruential generator. */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function matrix(rows, columns, seed) {
  const next = numbers(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.round(next() * 100) / 100));
}

/** A word's vector: the same word always has the same one. */
export function embedding(word, width) {
  let seed = 2166136261;
  for (const letter of word.toLowerCase()) seed = Math.imul(seed ^ letter.codePointAt(0), 16777619);
  return matrix(1, width, seed)[0];
}
