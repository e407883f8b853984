// What follows an answer: the verdict with its sentences, where to read, when the question comes back, and the link to it.

import { h } from "./dom.js";
import { sentence, verdict } from "./marking.js";
import { dayOf, RATINGS, reviewed } from "./memory.js";

export const VERDICTS = { right: ["✓", "Right"], partly: ["◐", "Partly right"], wrong: ["✗", "Not right"] };

/**
 * `record` holds the answer with its first and its latest mark, `memory` what is remembered, `before` what was
 * remembered before the answer; `rated(rating)` is called after a corrected rating.
 */
export function drawVerdict({ card, record, variant, shown, data, memory, before, rated }) {
  const name = verdict(record.mark);
  const [sign, words] = VERDICTS[name];
  const share = name === "partly" ? ` (${Math.round(record.mark.score * 100)}%)` : "";
  const said = record.mark.notes.map((note) => h("li", { html: sentence(card, note, variant, data.general) }));
  const first = record.first.score !== record.mark.score ? h("p", { class: "read" }, `Your first answer counts: ${VERDICTS[verdict(record.first)][1].toLowerCase()}.`) : null;
  const read = data.lessons ? h("a", { href: data.lessons + card.href, target: "_blank", rel: "noopener" }, card.read) : card.read;
  return h("section", { class: `verdict ${name}`, "aria-label": "Explanation" },
    h("h3", {}, h("span", { "aria-hidden": "true" }, `${sign} `), words + share),
    said.length ? h("ul", {}, ...said) : null,
    h("div", { class: "prose", html: shown.explanation }),
    first,
    h("p", { class: "read" }, "Read: ", read),
    drawMemory({ card, record, memory, before, rated }));
}

/** When the question comes back, and the rating that this follows from, which can be corrected. */
function drawMemory({ card, record, memory, before, rated }) {
  const due = memory[card.id]?.due;
  if (!due || !record.rating) return null;
  const days = Math.round((Date.parse(due) - Date.parse(dayOf())) / 86_400_000);
  const words = h("span", {}, days <= 0 ? "Due today. " : days === 1 ? "Comes back tomorrow. " : `Comes back in ${days} days. `);
  if (!before.has(card.id)) return h("p", { class: "memory" }, words);
  const rate = (rating) => {
    memory[card.id] = reviewed(before.get(card.id), rating, record.mark.score === 1, dayOf());
    record.rating = rating;
    rated(rating);
  };
  const buttons = Object.entries(RATINGS).map(([rating, name]) =>
    h("button", { type: "button", class: "rating", "data-rating": rating, "aria-pressed": String(record.rating === Number(rating)), onclick: () => rate(Number(rating)) }, name));
  const question = "How well did you know it?";
  return h("div", { class: "memory" }, words, h("span", { role: "group", "aria-label": question }, h("span", { "aria-hidden": "true" }, question), ...buttons));
}

/** A link to the question with its numbers, which is copied when it is followed. */
export function linkTo(card, seed, say) {
  const link = h("a", { class: "link", href: `#${card.id}&seed=${seed}` }, "Link to this question");
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = "Link copied";
    } catch {
      link.textContent = "The link is in the address bar";
    }
    say(link.textContent);
  });
  return link;
}
