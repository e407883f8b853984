// Words as the search compares them: small, without signs, and by their stem.

import { stemmer } from "stemmer";

// Words that say nothing about what is looked for. "where" and "after" are not among them: they ask for places in an order.
const STOP_WORDS = new Set(
  ("a an and are as at be by can do does for from get has have how i if in into is it its me my of on or so that the their " +
    "them then there these they this to was we what when which who why will with you your").split(" "),
);

const stems = new Map();

/** The pieces of a text that count as words, with where they stand: [{word, start, end}]. √d_k has two, √ and d_k. */
export function pieces(text) {
  return [...text.matchAll(/√|[\p{L}\p{N}_]+/gu)].map((match) => ({
    word: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The words of a text, for MiniSearch. */
export const tokenize = (text) => pieces(text).map((piece) => piece.word);

/** The stem that is compared, or null for a word that is left out. `√` is "sqrt", and `Kᵀ` is "k". */
export function stem(word) {
  if (!stems.has(word)) stems.set(word, newStem(word));
  return stems.get(word);
}

function newStem(word) {
  if (word === "√") return "sqrt";
  const small = word.replace(/(?<=.)ᵀ$/u, "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  if (STOP_WORDS.has(small)) return null;
  return /^[a-z]+$/.test(small) ? stemmer(small) : small;
}
