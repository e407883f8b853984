// The quiz in a browser: `mount` puts it into a page, the default export into a notebook (an anywidget).

import { control } from "./controls.js";
import { h } from "./dom.js";
import { shuffled, variantOf } from "./draw.js";
import { filled, mark, sentence, verdict } from "./marking.js";

const VERDICTS = { right: ["✓", "Right"], partly: ["◐", "Partly right"], wrong: ["✗", "Not right"] };
const SHOWN = { all: "All questions", open: "Not answered yet", wrong: "Not right yet" };

/** A state that can be used, whatever was stored: what is not as it should be is left out. */
function restored(stored, { units, cards }) {
  const { seed, unit, difficulty, show, at, done } = stored ?? {};
  const ids = new Set(cards.map((card) => card.id));
  const isAnswered = ([id, entry]) => ids.has(id) && Number.isSafeInteger(entry?.seed) && Array.isArray(entry.mark?.notes);
  return {
    seed: Number.isSafeInteger(seed) ? seed : 1,
    unit: units.some(({ name }) => name === unit) || unit === "" ? unit : (units[0]?.name ?? ""),
    difficulty: ["1", "2", "3"].includes(difficulty) ? difficulty : "",
    show: Object.hasOwn(SHOWN, show ?? "") ? show : "all",
    at: ids.has(at) ? at : null,
    done: Object.fromEntries(Object.entries(done ?? {}).filter(isAnswered)),
  };
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
 * The state is plain JSON: the filters, the seed, the question shown, and for each question its answer and mark.
 * With `links`, the address bar follows the question, so that it can be bookmarked and sent.
 */
export function mount(root, data, store, { links = false } = {}) {
  const byId = new Map(data.cards.map((card) => [card.id, card]));
  const state = restored(store.load(), data);
  const drafts = new Map();
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
  const done = (card) => (state.done[card.id] ? verdict(state.done[card.id].mark) : "open");
  const seedOf = (card) => drafts.get(card.id)?.seed ?? state.done[card.id]?.seed ?? state.seed;

  function choose() {
    const fits = (card) =>
      (!state.unit || card.unit === state.unit) &&
      (!state.difficulty || card.difficulty === Number(state.difficulty)) &&
      (state.show === "all" || (state.show === "open" ? done(card) === "open" : ["wrong", "partly"].includes(done(card))));
    const fitting = data.cards.filter(fits);
    list = shuffled(fitting.length, state.seed, "session").map((index) => fitting[index]);
    list.sort((one, other) => data.units.findIndex(({ name }) => name === one.unit) - data.units.findIndex(({ name }) => name === other.unit) || one.difficulty - other.difficulty);
  }

  function go(id, { focus = false } = {}) {
    state.at = id;
    save();
    if (links && id) history.replaceState(null, "", `#${id}&seed=${seedOf(byId.get(id))}`);
    draw();
    if (focus) stage.querySelector("h2")?.focus();
  }

  const neighbour = (by) => list[list.findIndex((card) => card.id === state.at) + by];

  function select(label, name, choices) {
    const made = h("select", { onchange: () => {
      state[name] = made.value;
      choose();
      if (!list.some((card) => card.id === state.at)) state.at = list[0]?.id ?? null;
      go(state.at);
    } });
    made.append(...Object.entries(choices).map(([value, text]) => h("option", { value, selected: value === state[name] }, text)));
    return h("label", { class: name }, h("span", {}, label), made);
  }

  function drawFilters() {
    const units = Object.fromEntries([["", "All units"], ...data.units.map(({ name, title }) => [name, title])]);
    const parts = [select("Difficulty", "difficulty", { "": "Any", 1: "1 · easy", 2: "2 · medium", 3: "3 · hard" }), select("Show", "show", SHOWN)];
    if (data.units.length > 1) parts.unshift(select("Unit", "unit", units));
    filters.replaceChildren(...parts);
  }

  function drawQuestion(card) {
    const seed = seedOf(card);
    // A mark is kept until the question is answered anew, though other numbers may be on the screen.
    const record = drafts.has(card.id) ? null : state.done[card.id];
    const variant = card.variants ? variantOf(seed, card.id, card.variants.length) : 0;
    const shown = { ...card, text: filled(card.text, card, variant), explanation: filled(card.explanation, card, variant), variant };
    const draft = record?.answer ?? drafts.get(card.id)?.answer ?? null;
    const feedback = h("div", { class: "feedback", "aria-live": "polite" });
    const place = list.findIndex(({ id }) => id === card.id);

    const change = (answer) => {
      drafts.set(card.id, { answer, seed });
      feedback.replaceChildren();
    };
    view = control(shown, { answer: draft, change, locked: Boolean(record), seed, root, say });

    const check = (event) => {
      event?.preventDefault();
      if (record) return;
      const result = mark(card, drafts.get(card.id)?.answer ?? null, variant);
      if (!result.readable) {
        const [note] = result.notes;
        const message = drafts.get(card.id)?.answer == null ? "Give an answer first." : sentence(card, note, variant, data.general);
        feedback.replaceChildren(h("p", { class: "unreadable" }, message));
        return;
      }
      state.done[card.id] = { answer: drafts.get(card.id).answer, seed, mark: result };
      drafts.delete(card.id);
      save();
      draw();
      stage.querySelector(".next")?.focus();
      say(`${VERDICTS[verdict(result)][1]}. The explanation stands below the question.`);
    };

    const again = (seedNow) => {
      drafts.set(card.id, { answer: null, seed: seedNow });
      go(card.id, { focus: true });
    };
    const otherSeed = () => {
      let next = seed;
      do next += 1;
      while (card.variants && variantOf(next, card.id, card.variants.length) === variant);
      return next;
    };

    const buttons = h("div", { class: "buttons" });
    if (!record) buttons.append(h("button", { type: "submit", class: "primary" }, "Check"));
    const next = neighbour(1);
    const onward = next
      ? h("button", { type: "button", class: record ? "primary next" : "next", onclick: () => go(next.id, { focus: true }) }, record ? "Next" : "Skip")
      : h("button", { type: "button", class: record ? "primary next" : "next", onclick: () => drawSummary() }, "Summary");
    buttons.append(onward);
    if (record) buttons.append(h("button", { type: "button", onclick: () => again(seed) }, "Try again"));
    if (card.variants) buttons.append(h("button", { type: "button", onclick: () => again(otherSeed()) }, "Other numbers"));
    if (next) buttons.append(h("button", { type: "button", onclick: () => drawSummary() }, "Summary"));
    if (links) buttons.append(h("a", { class: "link", href: `#${card.id}&seed=${seed}` }, "Link to this question"));

    const dots = "●".repeat(card.difficulty) + "○".repeat(3 - card.difficulty);
    const where = place < 0 ? "" : `Question ${place + 1} of ${list.length} · `;
    const meta = h("p", { class: "meta" }, `${where}${card.concept} · `, h("span", { role: "img", "aria-label": `difficulty ${card.difficulty} of 3` }, dots));
    const form = h("form", { "data-question": card.id, onsubmit: check, autocomplete: "off" }, view.element, feedback, ...(record ? [explain(card, record, variant, shown)] : []), buttons);
    stage.replaceChildren(meta, h("h2", { class: "question", tabindex: "-1" }, h("div", { class: "prose", html: shown.text })), ...(card.picture ? [h("div", { class: "picture", html: card.picture })] : []), form);
  }

  function explain(card, record, variant, shown) {
    const name = verdict(record.mark);
    const [sign, words] = VERDICTS[name];
    const share = name === "partly" ? ` (${Math.round(record.mark.score * 100)}%)` : "";
    const said = record.mark.notes.map((note) => h("li", { html: sentence(card, note, variant, data.general) }));
    return h("section", { class: `verdict ${name}`, "aria-label": "Explanation" },
      h("h3", {}, h("span", { "aria-hidden": "true" }, `${sign} `), words + share),
      said.length ? h("ul", {}, ...said) : null,
      h("div", { class: "prose", html: shown.explanation }),
      h("p", { class: "read" }, "Read: ", card.read));
  }

  function drawMap() {
    const items = list.map((card, index) => {
      const isHere = card.id === state.at;
      const words = { open: "open", ...Object.fromEntries(Object.entries(VERDICTS).map(([name, [, text]]) => [name, text.toLowerCase()])) };
      return h("button", { type: "button", class: `dot ${done(card)}`, "aria-current": isHere ? "true" : null, "aria-label": `Question ${index + 1}, ${card.concept}: ${words[done(card)]}`, title: card.concept, onclick: () => go(card.id, { focus: true }) }, String(index + 1));
    });
    const answered = data.cards.filter((card) => done(card) !== "open").length;
    const words = `${answered} of ${data.cards.length} questions answered`;
    const isOpen = map.querySelector("details")?.open ?? items.length <= 30;
    map.replaceChildren(h("details", { open: isOpen }, h("summary", {}, words), h("div", { class: "dots" }, ...items)));
  }

  function drawSummary() {
    const answered = data.cards.filter((card) => state.done[card.id]);
    const total = answered.reduce((sum, card) => sum + state.done[card.id].mark.score, 0);
    const concepts = [...new Set(answered.map((card) => card.concept))].map((concept) => {
      const scores = answered.filter((card) => card.concept === concept).map((card) => state.done[card.id].mark.score);
      const sum = scores.reduce((one, other) => one + other, 0);
      const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("span", { style: `width: ${Math.round((100 * sum) / scores.length)}%` }));
      return h("tr", {}, h("th", { scope: "row" }, concept), h("td", {}, bar), h("td", {}, `${+sum.toFixed(1)} of ${scores.length}`));
    });
    const reads = [...new Set(answered.filter((card) => state.done[card.id].mark.score < 1).map((card) => card.read))];
    const restart = (keep) => {
      state.done = Object.fromEntries(Object.entries(state.done).filter(([, { mark: result }]) => keep(result)));
      drafts.clear();
      Object.assign(state, { seed: state.seed + 1, show: "all" });
      choose();
      drawFilters();
      go((list.find((card) => done(card) === "open") ?? list[0])?.id ?? null, { focus: true });
    };
    stage.replaceChildren(
      h("h2", { tabindex: "-1" }, "Summary"),
      h("p", {}, answered.length ? `${+total.toFixed(1)} of ${answered.length} marks.` : "Nothing is answered yet."),
      ...(answered.length ? [h("table", {}, h("caption", { class: "hidden" }, "Marks by concept"), h("tbody", {}, ...concepts))] : []),
      ...(reads.length ? [h("h3", {}, "Read next"), h("ul", {}, ...reads.map((read) => h("li", {}, read)))] : []),
      h("div", { class: "buttons" },
        ...(reads.length ? [h("button", { type: "button", class: "primary", onclick: () => restart((result) => result.score === 1) }, "Try what was not right again")] : []),
        h("button", { type: "button", onclick: () => go(state.at ?? list[0]?.id ?? null, { focus: true }) }, "Back to the questions"),
        ...(answered.length ? [h("button", { type: "button", onclick: () => restart(() => false) }, "Start over")] : [])),
    );
    stage.querySelector("h2").focus();
  }

  function draw() {
    const card = byId.get(state.at);
    view = null;
    if (card) drawQuestion(card);
    else stage.replaceChildren(h("p", { class: "empty" }, "No question fits. Choose another unit, difficulty or selection."));
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
    if (Number.isSafeInteger(seed) && seed !== seedOf(card)) drafts.set(id, { answer: null, seed });
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
  if (!(links && follow())) go(byId.has(state.at) ? state.at : (list[0]?.id ?? null));
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
