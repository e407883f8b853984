// The summary: marks by concept, what is known and what to read, and the progress as a file that the terminal shares.

import { h } from "./dom.js";
import { dayOf, fromFile, remembered, toFile } from "./memory.js";

/** `list` holds the questions that are shown; `take(records)` takes over records from a file. */
export function drawSummary(stage, { data, list, state, restart, back, take }) {
  const answered = list.filter((card) => state.done[card.id]);
  const score = (card) => state.done[card.id].first.score;
  const wrong = answered.filter((card) => score(card) < 1);
  const reads = [...new Map(wrong.map((card) => [card.read, card])).values()];
  const total = sum(answered.map(score));
  stage.replaceChildren(
    h("h2", { tabindex: "-1" }, "Summary"),
    h("p", {}, answered.length ? `${shown(total)} of ${answered.length} marks in this selection.` : "Nothing is answered yet in this selection."),
    ...(answered.length ? [bars("Marks by concept", answered, (cards) => [sum(cards.map(score)) / cards.length, `${shown(sum(cards.map(score)))} of ${cards.length}`])] : []),
    ...(reads.length ? [h("h3", {}, "Read next"), h("ul", {}, ...reads.map((card) => h("li", {}, data.lessons ? h("a", { href: data.lessons + card.href, target: "_blank", rel: "noopener" }, card.read) : card.read)))] : []),
    h("div", { class: "buttons" },
      ...(wrong.length ? [h("button", { type: "button", class: "primary", onclick: () => restart((first) => first.score === 1) }, "Try what was not right again")] : []),
      h("button", { type: "button", onclick: back }, "Back to the questions"),
      ...(answered.length ? [h("button", { type: "button", onclick: () => restart(() => false) }, "Start over")] : [])),
    h("h3", {}, "What you know"),
    h("p", { class: "hint" }, "For each concept, how many of its questions you would probably answer right today. A question that was never asked counts as not known."),
    known(data, state),
    h("h3", {}, "Your progress as a file"),
    h("p", { class: "hint" }, "The terminal's quiz keeps the same kind of file; mha quiz --known shows where. Opening that file adds its progress to what is here. Saving the file writes all of it, so that you can put it back there."),
    files(state, take),
  );
  stage.querySelector("h2").focus();
}

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
const shown = (number) => String(+number.toFixed(2));

/** A row for each concept: `measure(cards)` gives a share from 0 to 1 and words. */
function bars(caption, cards, measure) {
  const rows = [...new Set(cards.map((card) => card.concept))].map((concept) => {
    const [share, words] = measure(cards.filter((card) => card.concept === concept));
    const bar = h("span", { class: "bar", role: "img", "aria-label": `${Math.round(100 * share)}%` }, h("span", { style: `width: ${Math.round(100 * share)}%` }));
    return h("tr", {}, h("th", { scope: "row" }, concept), h("td", {}, bar), h("td", {}, words));
  });
  return h("table", {}, h("caption", { class: "hidden" }, caption), h("tbody", {}, ...rows));
}

function known(data, state) {
  const today = dayOf();
  return bars("What you know, by concept", data.cards, (cards) => {
    const asked = cards.filter((card) => state.memory[card.id]).length;
    const share = sum(cards.map((card) => remembered(state.memory[card.id], today))) / cards.length;
    return [share, `${asked} of ${cards.length} asked`];
  });
}

function files(state, take) {
  const note = h("p", { class: "hint", role: "status" });
  const save = () => {
    const address = URL.createObjectURL(new Blob([toFile(state.memory)], { type: "application/json" }));
    const link = h("a", { href: address, download: "quiz_progress.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    note.textContent = "Saved as quiz_progress.json.";
  };
  const input = h("input", { type: "file", class: "hidden", accept: "application/json,.json", "aria-label": "A progress file" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    const records = fromFile(await file.text());
    input.value = ""; // the same file may be chosen again
    if (typeof records === "string") note.textContent = records;
    else take(records);
  });
  return h("div", {},
    h("div", { class: "buttons" },
      h("button", { type: "button", onclick: save }, "Save the file"),
      h("button", { type: "button", onclick: () => input.click() }, "Open a file"), input),
    note);
}
