// The quiz in a browser: `mount` puts it into a page, the default export into a notebook (an anywidget).

import { control } from "./controls.js";
import { h } from "./dom.js";
import { shuffled, variantOf } from "./draw.js";
import { filled, mark, sentence, verdict } from "./marking.js";
import { dayOf, isRecord, merged, RATINGS, ratingOf, reviewed } from "./memory.js";
import { drawSummary } from "./summary.js";
import { drawVerdict, linkTo, VERDICTS } from "./verdict.js";

const SHOWN = { all: "All questions", due: "Due today", open: "Not answered yet", wrong: "Not right yet" };

/** A state that can be used, whatever was stored: what is not as it should be is left out. */
function restored(stored, { units, cards }) {
  const { seed, unit, difficulty, show, at, done, memory } = stored ?? {};
  const ids = new Set(cards.map((card) => card.id));
  const answered = cards.flatMap((card) => {
    const entry = answeredAs(card, done?.[card.id]);
    return entry ? [[card.id, entry]] : [];
  });
  // The first edition kept answers and no memory: each of them counts as a first review, today.
  const fromAnswers = () => answered.map(([id, entry]) => [id, reviewed(null, entry.mark.score === 1 ? 3 : 1, entry.mark.score === 1, dayOf())]);
  return {
    seed: Number.isSafeInteger(seed) ? seed : 1,
    unit: units.some(({ name }) => name === unit) || unit === "" ? unit : (units[0]?.name ?? ""),
    difficulty: ["1", "2", "3"].includes(difficulty) ? difficulty : "",
    show: Object.hasOwn(SHOWN, show ?? "") ? show : "all",
    at: ids.has(at) ? at : null,
    done: Object.fromEntries(answered),
    memory: Object.fromEntries(memory ? Object.entries(memory).filter(([, record]) => isRecord(record)) : fromAnswers()),
  };
}

/** A stored answer with its marks, or null where the question as it is now cannot take it: its sentences would be missing. */
function answeredAs(card, entry) {
  const isMark = (made) => made?.score >= 0 && made.score <= 1 && made.readable === true;
  if (!Number.isSafeInteger(entry?.seed) || !isMark(entry.mark)) return null;
  const { answer, seed, rating } = entry;
  const made = mark(card, answer, variantFor(card, seed));
  if (!made.readable) return null;
  // The score is kept, not made anew: a second try has earned half of it.
  const kept = { ...made, score: entry.mark.score };
  return { answer, seed, mark: kept, first: isMark(entry.first) ? entry.first : kept, rating: Object.hasOwn(RATINGS, rating) ? rating : null };
}

/** Which of its variants a question shows for a seed; 0 where it has none. */
function variantFor(card, seed) {
  return card.variants ? variantOf(seed, card.id, card.variants.length) : 0;
}

/** What stands in an address, as it is where its escapes are broken. */
function decoded(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/**
 * Show a quiz inside `root`. `data` is what ../cards.py makes; `store` is {load(), save(state)}.
 * The state is plain JSON: the filters, the seed, the question shown, for each question its answer with its first and
 * its latest mark, and the records of ../review.py.
 * With `links`, the address bar follows the question, so that it can be bookmarked and sent.
 */
export function mount(root, data, store, { links = false } = {}) {
  const byId = new Map(data.cards.map((card) => [card.id, card]));
  const state = restored(store.load(), data);
  const drafts = new Map();
  const before = new Map(); // what was remembered of a question before its last answer, for a corrected rating
  let missed = []; // questions that come once more after the last one
  let repeating = false;
  let began = performance.now();
  let list = [];
  let view = null;

  const status = h("p", { class: "hidden", role: "status" });
  const filters = h("div", { class: "filters" });
  const stage = h("div", { class: "stage" });
  const map = h("nav", { class: "map", "aria-label": "Questions" });
  root.classList.add("mha-quiz");
  root.replaceChildren(filters, stage, map, status);

  const save = () => store.save(structuredClone(state));
  const say = (message) => (status.textContent = message);
  const done = (card) => (state.done[card.id] ? verdict(state.done[card.id].first) : "open");
  const isOpen = (card) => !state.done[card.id];
  const isDue = (card) => state.memory[card.id]?.due <= dayOf();
  const lastSeed = (card) => state.done[card.id]?.seed ?? state.seed;
  // What is due is asked anew, in another order and with numbers drawn anew.
  const seedOf = (card) => drafts.get(card.id)?.seed ?? (isDue(card) ? lastSeed(card) + 1 : lastSeed(card));
  const isSelected = (card) => (!state.unit || card.unit === state.unit) && (!state.difficulty || card.difficulty === Number(state.difficulty));

  function choose() {
    const shows = { all: () => true, open: isOpen, due: isDue, wrong: (card) => !isOpen(card) && state.done[card.id].mark.score < 1 };
    const fitting = data.cards.filter((card) => isSelected(card) && shows[state.show](card));
    const unitOf = (card) => data.units.findIndex(({ name }) => name === card.unit);
    list = shuffled(fitting.length, state.seed, "session").map((index) => fitting[index]);
    list.sort((one, other) => unitOf(one) - unitOf(other) || one.difficulty - other.difficulty);
    [missed, repeating] = [[], false];
  }

  function go(id, { focus = false } = {}) {
    state.at = id;
    save();
    if (links && id) history.replaceState(null, "", `#${id}&seed=${seedOf(byId.get(id))}`);
    began = performance.now();
    draw();
    if (focus) stage.querySelector("h2")?.focus();
  }

  /** Ask a question anew, with the numbers of a seed. */
  function again(card, seed) {
    drafts.set(card.id, { answer: null, seed, tries: 0 });
    go(card.id, { focus: true });
  }

  function select(label, name, choices) {
    const made = h("select", { onchange: () => {
      state[name] = made.value;
      choose();
      drawFilters();
      filters.querySelector(`.${name} select`).focus();
      go(list.some((card) => card.id === state.at) ? state.at : (list[0]?.id ?? null));
    } });
    made.append(...Object.entries(choices).map(([value, text]) => h("option", { value, selected: value === state[name] }, text)));
    return h("label", { class: name }, h("span", {}, label), made);
  }

  function drawFilters() {
    const due = data.cards.filter((card) => isSelected(card) && isDue(card)).length;
    const units = { "": "All units" };
    for (const { name, number, title } of data.units) units[name] = `${number} ${title}`;
    const shows = { ...SHOWN, due: `${SHOWN.due} (${due})` };
    const parts = [select("Difficulty", "difficulty", { "": "Any", 1: "1 · easy", 2: "2 · medium", 3: "3 · hard" }), select("Show", "show", shows)];
    if (data.units.length > 1) parts.unshift(select("Unit", "unit", units));
    filters.replaceChildren(...parts);
  }

  /** The button that leads on: to the next question, to what was missed, or to the summary. */
  function onward(card, record) {
    const next = repeating ? null : list[list.findIndex(({ id }) => id === card.id) + 1];
    const waiting = missed.filter((id) => id !== card.id);
    const style = record ? "primary next" : "next";
    if (next) return h("button", { type: "button", class: style, onclick: () => go(next.id, { focus: true }) }, record ? "Next" : "Skip");
    if (!waiting.length) return h("button", { type: "button", class: style, onclick: () => summarize() }, "Summary");
    const repeat = () => {
      repeating = true;
      missed = waiting.slice(1);
      again(byId.get(waiting[0]), seedOf(byId.get(waiting[0])) + 1);
    };
    return h("button", { type: "button", class: style, onclick: repeat }, `Once more: missed (${waiting.length})`);
  }

  function drawQuestion(card) {
    const seed = seedOf(card);
    // A mark is kept until the question is answered anew, though other numbers may be on the screen.
    const record = drafts.has(card.id) || isDue(card) ? null : state.done[card.id];
    const variant = variantFor(card, seed);
    const shown = { ...card, text: filled(card.text, card, variant), explanation: filled(card.explanation, card, variant), variant };
    const draft = record?.answer ?? drafts.get(card.id)?.answer ?? null;
    const feedback = h("div", { class: "feedback", "aria-live": "polite" });
    const place = list.findIndex(({ id }) => id === card.id);

    const change = (answer) => {
      drafts.set(card.id, { tries: 0, ...drafts.get(card.id), answer, seed });
      if (!drafts.get(card.id).tries) feedback.replaceChildren();
    };
    view = control(shown, { answer: draft, change, locked: Boolean(record), seed, root, say });

    const check = (event) => {
      event?.preventDefault();
      if (record) return;
      const { answer = null, tries = 0 } = drafts.get(card.id) ?? {};
      const result = mark(card, answer, variant);
      if (!result.readable) {
        const message = answer == null ? "Give an answer first." : sentence(card, result.notes[0], variant, data.general);
        feedback.replaceChildren(h("p", { class: "unreadable" }, message));
      } else if (card.kind === "number" && result.score === 0 && !tries) {
        drafts.set(card.id, { answer, seed, tries: 1 });
        const hint = h("span", { html: sentence(card, result.notes[0], variant, data.general) });
        feedback.replaceChildren(h("p", { class: "hint-first" }, h("strong", {}, "Not right yet. "), hint, " You have one more try, for half the mark."));
        stage.querySelector("input.typed")?.select();
      } else {
        settle(card, answer, seed, tries && result.score === 1 ? { ...result, score: 0.5 } : result);
      }
    };

    const buttons = h("div", { class: "buttons" });
    if (!record) buttons.append(h("button", { type: "submit", class: "primary" }, "Check"));
    const on = onward(card, record);
    buttons.append(on);
    if (record) buttons.append(h("button", { type: "button", onclick: () => again(card, seed) }, "Try again"));
    if (card.variants) buttons.append(h("button", { type: "button", onclick: () => again(card, otherSeed(card, seed, variant)) }, "Other numbers"));
    if (on.textContent !== "Summary") buttons.append(h("button", { type: "button", onclick: () => summarize() }, "Summary"));
    if (links) buttons.append(linkTo(card, seed, say));

    const dots = "●".repeat(card.difficulty) + "○".repeat(3 - card.difficulty);
    const where = repeating ? "Once more · " : place < 0 ? "" : `Question ${place + 1} of ${list.length} · `;
    const meta = h("p", { class: "meta" }, `${where}${card.concept} · `, h("span", { role: "img", "aria-label": `difficulty ${card.difficulty} of 3` }, dots));
    const several = card.kind === "several" && !record ? h("p", { class: "hint" }, "Choose all that apply. Each right choice earns its share; each wrong one costs a share.") : null;
    const form = h("form", { "data-question": card.id, onsubmit: check, autocomplete: "off" }, several, view.element, feedback, ...(record ? [drawVerdict({ card, record, variant, shown, data, memory: state.memory, before, rated })] : []), buttons);
    const picture = card.picture ? [h("div", { class: "picture", html: card.picture })] : [];
    stage.replaceChildren(meta, h("h2", { class: "question", tabindex: "-1" }, h("div", { class: "prose", html: shown.text })), ...picture, form);
  }

  function otherSeed(card, seed, variant) {
    let next = seed;
    do next += 1;
    while (variantFor(card, next) === variant);
    return next;
  }

  /** Keep an answer with its mark, and what it says about remembering; the first mark stays the one that counts. */
  function settle(card, answer, seed, result) {
    const today = dayOf();
    const rating = ratingOf(result.score, (performance.now() - began) / 1000, card.seconds);
    const first = isDue(card) ? result : (state.done[card.id]?.first ?? result); // a review starts anew
    before.set(card.id, state.memory[card.id] ?? null);
    state.memory[card.id] = reviewed(state.memory[card.id], rating, result.score === 1, today);
    state.done[card.id] = { answer, seed, mark: result, first, rating };
    if (result.score < 1 && !repeating && !missed.includes(card.id)) missed.push(card.id);
    drafts.delete(card.id);
    save();
    drawFilters();
    draw();
    stage.querySelector(".next")?.focus({ preventScroll: true });
    // The verdict comes into view, and what was chosen stays in view above it.
    const heading = stage.querySelector(".verdict h3");
    const isBelow = (share) => heading.getBoundingClientRect().top > innerHeight * share;
    if (heading.getBoundingClientRect().top < 0 || isBelow(0.55)) stage.querySelector("form").scrollIntoView();
    if (isBelow(0.75)) heading.scrollIntoView({ block: "center" });
    say(`${VERDICTS[verdict(result)][1]}. The explanation stands below the question.`);
  }

  /** After a corrected rating. */
  function rated(rating) {
    save();
    draw();
    stage.querySelector(`[data-rating="${rating}"]`)?.focus({ preventScroll: true });
  }

  function drawMap() {
    const words = { open: "open", ...Object.fromEntries(Object.entries(VERDICTS).map(([name, [, text]]) => [name, text.toLowerCase()])) };
    const items = list.map((card, index) =>
      h("button", { type: "button", class: `dot ${done(card)}`, "aria-current": card.id === state.at ? "true" : null, "aria-label": `Question ${index + 1}, ${card.concept}: ${words[done(card)]}`, title: card.concept, onclick: () => go(card.id, { focus: true }) }, String(index + 1)));
    const answered = list.filter((card) => !isOpen(card)).length;
    const isUnfolded = map.querySelector("details")?.open ?? items.length <= 30;
    map.replaceChildren(h("details", { open: isUnfolded }, h("summary", {}, `${answered} of these ${list.length} questions answered`), h("div", { class: "dots" }, ...items)));
  }

  function summarize() {
    const restart = (keep) => {
      state.done = Object.fromEntries(Object.entries(state.done).filter(([, { first }]) => keep(first)));
      drafts.clear();
      Object.assign(state, { seed: state.seed + 1, show: "all" });
      choose();
      drawFilters();
      go((list.find(isOpen) ?? list[0])?.id ?? null, { focus: true });
    };
    const back = () => {
      choose();
      drawFilters();
      go(list.some(({ id }) => id === state.at) ? state.at : (list[0]?.id ?? null), { focus: true });
    };
    const take = (records) => {
      state.memory = merged(state.memory, records);
      save();
      summarize();
      say("The progress was taken over.");
    };
    view = null;
    drawSummary(stage, { data, list, state, restart, back, take });
  }

  function draw() {
    const card = byId.get(state.at);
    view = null;
    if (card) drawQuestion(card);
    else stage.replaceChildren(h("p", { class: "empty" }, state.show === "due" ? "Nothing is due today in this selection." : "No question fits. Choose another unit, difficulty or selection."));
    drawMap();
    // What is too wide is scrolled, and a keyboard must be able to get there.
    for (const box of stage.querySelectorAll("label .text, .prose, .listing")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  }

  function follow() {
    const [id, query] = decoded(location.hash.slice(1)).split("&seed=");
    const card = byId.get(id);
    if (!card) return false;
    const seed = Number.parseInt(query ?? "", 10);
    if (Number.isSafeInteger(seed) && seed !== seedOf(card)) drafts.set(id, { answer: null, seed, tries: 0 });
    if (!list.some((other) => other.id === id)) Object.assign(state, { unit: card.unit, difficulty: "", show: "all" });
    choose();
    drawFilters();
    go(id);
    return true;
  }

  // A page of its own takes letters wherever the focus is; inside another page only those meant for the quiz.
  (links ? document : root).addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("select, input[type=text]");
    if (!isTyping && view?.key(event)) event.preventDefault();
    if (!links) event.stopPropagation();
  });
  choose();
  drawFilters();
  if (links) addEventListener("hashchange", follow);
  if (!(links && follow())) go(list.some(({ id }) => id === state.at) ? state.at : (list[0]?.id ?? null));
}

/** The notebook's face: the questions and the state are the widget model's. */
export default {
  render({ model, el }) {
    const store = {
      load: () => model.get("state"),
      save: (state) => {
        model.set("state", state);
        model.save_changes();
      },
    };
    // JupyterLab takes single keys as commands wherever this attribute is missing.
    const root = h("section", { "aria-label": "Quiz", "data-lm-suppress-shortcuts": "true" });
    el.append(root);
    mount(root, model.get("data"), store);
  },
};
