// Ranking what the book's search finds, in the browser. The entries come from autograder/site/search.py.

import MiniSearch from "minisearch";

import { pieces, stem, tokenize } from "./search_words.js";

/** The groups of the results, in the order in which they are shown. */
export const KINDS = ["lesson", "term", "question", "guide"];

const OPTIONS = {
  idField: "url",
  fields: ["title", "keywords", "place", "text"],
  storeFields: [],
  tokenize,
  processTerm: stem,
  searchOptions: {
    boost: { title: 5, keywords: 3, place: 1, text: 1 },
    // A word that is still being typed finds what begins with it; short words would begin everything.
    prefix: (word, index, words) => index === words.length - 1 && word.length > 2,
    fuzzy: (word) => (word.length > 4 ? 0.2 : false),
    weights: { prefix: 0.4, fuzzy: 0.2 },
  },
};

// What a query names exactly, as "kv cache" names one term, comes before what only speaks of it.
const NAMED = 2;
// An entry that fits far worse than the best one only hides the others.
const WORST_SHARE = 0.1;
const EXCERPT = 160;

/**
 * A search over the entries.
 *
 * search(query, limit) returns the groups that found something, each with its best results:
 * [{kind, results: [{title, place, url, score, excerpt: [{text, hit}]}]}]
 */
export function createSearch(entries) {
  const index = new MiniSearch(OPTIONS);
  const byUrl = new Map(entries.map((entry) => [entry.url, entry]));
  const names = new Map(entries.map((entry) => [entry.url, namesOf(entry)]));
  index.addAll(entries);

  function search(query, limit = 5) {
    const name = joined(query);
    const found = index.search(query, { boostDocument: (url) => (names.get(url).has(name) ? NAMED : 1) });
    const least = found.length ? found[0].score * WORST_SHARE : 0;
    const groups = new Map(KINDS.map((kind) => [kind, []]));
    for (const { id, score, terms } of found) {
      const entry = byUrl.get(id);
      const results = groups.get(entry.kind);
      if (score < least || results.length === limit) continue;
      const { title, place, url } = entry;
      results.push({ title, place, url, score, excerpt: excerpt(entry.text, new Set(terms)) });
    }
    return [...groups].filter(([, results]) => results.length).map(([kind, results]) => ({ kind, results }));
  }

  return { search };
}

const joined = (text) => tokenize(text).map(stem).filter(Boolean).join(" ");

const namesOf = ({ title, keywords }) => new Set([title, ...keywords.split("; ")].map(joined));

/** The part of a text around its first hit, as pieces that say whether they are one: the page needs no HTML from here. */
export function excerpt(text, stems) {
  const hits = pieces(text).filter((piece) => stems.has(stem(piece.word)));
  const middle = hits.length ? hits[0].start : 0;
  let from = Math.max(0, middle - EXCERPT / 3);
  if (from > 0) from = text.indexOf(" ", from) + 1;
  let to = Math.min(text.length, from + EXCERPT);
  if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from + 1);

  const made = [];
  const put = (piece, hit) => piece && made.push({ text: piece, hit });
  let at = from;
  for (const hit of hits.filter((piece) => piece.start >= from && piece.end <= to)) {
    put(text.slice(at, hit.start), false);
    put(text.slice(hit.start, hit.end), true);
    at = hit.end;
  }
  put(text.slice(at, to), false);
  if (made.length && from > 0) made.unshift({ text: "… ", hit: false });
  if (made.length && to < text.length) made.push({ text: " …", hit: false });
  return made;
}
