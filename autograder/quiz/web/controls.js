// The ways to answer, one for each kind of question. A control is {element, key(event)}: it calls `change(answer)` at
// every change; once the answer is marked it is made again, locked, with right and wrong shown.

import { draggable, h, letter, spoken } from "./dom.js";
import { shuffled } from "./draw.js";

export function control(card, context) {
  return CONTROLS[card.kind](card, context);
}

const pressed = (event) => (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey ? event.key.toLowerCase() : "");

const badge = (text) => h("span", { class: "badge" }, text);

/** Radio buttons or check boxes; `options` are [value, html or text node, state, badge]. */
function options(card, { answer, change, locked }, offered, { many = false, code = false } = {}) {
  const inputs = [];
  const chosen = () => {
    const values = inputs.filter((input) => input.checked).map((input) => Number(input.value));
    change(many ? values : (values[0] ?? null));
  };
  const rows = offered.map(([value, html, state, note], index) => {
    const isOn = many ? (answer ?? []).includes(value) : answer === value;
    const input = h("input", {
      type: many ? "checkbox" : "radio",
      name: `${card.id}-option`,
      value: String(value),
      checked: isOn,
      disabled: locked,
      onchange: chosen,
    });
    inputs.push(input);
    const text = code ? h("code", {}, html) : h("span", { class: "text", html });
    return h("label", { class: `option ${state ?? ""}` }, input, h("kbd", {}, code ? String(value) : letter(index)), text, note ? badge(note) : null);
  });
  const element = h("fieldset", { class: `options${code ? " listing" : ""}` }, h("legend", { class: "hidden" }, "Answers"), ...rows);
  const key = (event) => {
    const typed = pressed(event);
    const input = inputs.find((one, index) => typed === (code ? one.value : letter(index)));
    if (!input || locked) return false;
    input.checked = many ? !input.checked : true;
    input.focus();
    chosen();
    return true;
  };
  return { element, key };
}

function choices(card, context) {
  const many = card.kind === "several";
  const offered = shuffled(card.choices.length, context.seed, card.id).map((index) => {
    const { text, right } = card.choices[index];
    const isChosen = many ? (context.answer ?? []).includes(index) : context.answer === index;
    if (!context.locked) return [index, text];
    if (right) return [index, text, "right", isChosen ? "right" : many ? "left out" : "the answer"];
    return [index, text, isChosen ? "wrong" : "", isChosen ? "your answer" : null];
  });
  return options(card, context, offered, { many });
}

function bug(card, context) {
  const offered = [];
  card.lines.forEach((line, index) => {
    const number = index + 1;
    const isChosen = context.answer === number;
    const state = !context.locked ? "" : number === card.line ? "right" : isChosen ? "wrong" : "";
    if (line.trim()) offered.push([number, line, state, state === "right" ? "the bug" : state === "wrong" ? "your answer" : null]);
  });
  return options(card, context, offered, { code: true });
}

function typed(card, { answer, change, locked }) {
  const isNumber = card.kind === "number";
  const input = h("input", {
    class: "typed",
    type: "text",
    value: answer ?? "",
    inputmode: isNumber ? "decimal" : "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: isNumber ? "a number" : "(…, …)",
    readonly: locked,
    oninput: () => change(input.value.trim() ? input.value : null),
  });
  const label = h("span", {}, isNumber ? "Your number" : "Your shape");
  const unit = isNumber && card.unit_name ? h("span", { class: "unit" }, card.unit_name) : null;
  const hint = card.letters ? h("p", { class: "hint", html: card.letters }) : null;
  const right = locked ? h("p", { class: "answer" }, badge("the answer"), " ", h("code", {}, isNumber ? card.variants[card.variant].shown.answer : card.answer)) : null;
  return { element: h("div", {}, hint, h("label", { class: "field" }, label, input, unit), right), key: () => false, first: input };
}

function order(card, { answer, change, locked, seed, root, say }) {
  const parts = [...card.steps, ...card.distractors];
  const offered = shuffled(parts.length, seed, card.id);
  const element = h("div", { class: "order" });
  let placed = [...(answer ?? [])];

  const set = (next, focus, message) => {
    placed = next;
    change(placed.length ? placed : null);
    draw();
    element.querySelector(`[data-item="${focus}"]`)?.focus();
    say(message);
  };
  const name = (item) => spoken(parts[item].text);
  const put = (item, at = placed.length) => {
    const from = placed.indexOf(item);
    const next = placed.filter((other) => other !== item);
    next.splice(from >= 0 && from < at ? at - 1 : at, 0, item);
    set(next, item, `${name(item)}: place ${next.indexOf(item) + 1} of ${next.length}`);
  };
  const take = (item) => set(placed.filter((other) => other !== item), item, `${name(item)}: taken out`);
  const shift = (item, by) => {
    const at = placed.indexOf(item) + by;
    if (at < 0 || at >= placed.length) return;
    const next = placed.filter((other) => other !== item);
    next.splice(at, 0, item);
    set(next, item, `${name(item)}: place ${at + 1} of ${next.length}`);
  };
  const keys = (item) => (event) => {
    const act = { ArrowUp: () => shift(item, -1), ArrowDown: () => shift(item, 1), Delete: () => take(item), Backspace: () => take(item) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  function draw() {
    const pool = h("ul", { class: "pool", "aria-label": "Steps to choose from" });
    const list = h("ol", { class: "placed", "aria-label": "Your order" });
    const dropped = (item) => (target, x, y) => {
      if (target === pool) return placed.includes(item) && take(item);
      if (target !== list) return undefined;
      const others = [...list.children].filter((row) => row.firstChild.dataset?.item !== undefined);
      const at = others.findIndex((row) => y < row.getBoundingClientRect().top + row.offsetHeight / 2);
      return put(item, at < 0 ? placed.length : at);
    };
    const grip = () => h("span", { class: "grip", "aria-hidden": "true" }, "⠿");
    offered.forEach((item, index) => {
      if (placed.includes(item)) return;
      const button = h("button", { type: "button", class: "chip", "data-item": item, "data-letter": letter(index), onclick: () => put(item) });
      button.append(grip(), h("kbd", {}, letter(index)), h("span", { class: "text", html: parts[item].text }));
      draggable(button, { root, targets: () => [list, pool], drop: dropped(item) });
      pool.append(h("li", {}, button));
    });
    placed.forEach((item, at) => {
      const button = h("button", { type: "button", class: "chip", "data-item": item, onkeydown: keys(item), "aria-label": `${name(item)}, place ${at + 1} of ${placed.length}. Arrow keys move it, Delete takes it out.` });
      button.append(grip(), h("span", { class: "text", html: parts[item].text }));
      const tool = (sign, label, act) => h("button", { type: "button", class: "tool", tabindex: "-1", "aria-label": `${label}: ${name(item)}`, title: label, onclick: act }, sign);
      draggable(button, { root, targets: () => [list, pool], drop: dropped(item) });
      list.append(h("li", {}, button, tool("↑", "Move up", () => shift(item, -1)), tool("↓", "Move down", () => shift(item, 1)), tool("✕", "Take out", () => take(item))));
    });
    if (!placed.length) list.append(h("li", { class: "empty" }, "Drag the steps here, or click them in order. Arrow keys move a step."));
    if (!pool.children.length) pool.append(h("li", { class: "empty" }, "Every step is placed."));
    element.replaceChildren(h("div", {}, h("h3", {}, "Steps"), pool), h("div", {}, h("h3", {}, "Your order"), list));
  }

  function drawMarked() {
    const place = new Map(placed.map((item, at) => [item, at]));
    const rows = placed.map((item) => {
      const isStray = item >= card.steps.length;
      const fits = !isStray && card.steps[item].after.every((needed) => place.get(needed) < place.get(item));
      const note = isStray ? "does not belong" : fits ? "right" : "too early";
      return h("li", { class: fits ? "right" : "wrong" }, h("span", { class: "text", html: parts[item].text }), badge(note));
    });
    const right = card.steps.map((step) => h("li", {}, h("span", { class: "text", html: step.text })));
    const same = rows.length === card.steps.length && rows.every((row) => row.className === "right");
    element.replaceChildren(
      h("div", {}, h("h3", {}, "Your order"), h("ol", { class: "placed" }, ...rows)),
      same ? "" : h("div", {}, h("h3", {}, "One right order"), h("ol", { class: "plain" }, ...right)),
    );
  }

  if (locked) drawMarked();
  else draw();
  const key = (event) => {
    const chip = locked ? null : element.querySelector(`.pool [data-letter="${CSS.escape(pressed(event))}"]`);
    chip?.click();
    return Boolean(chip);
  };
  return { element, key };
}

function match(card, { answer, change, locked, seed, root, say }) {
  const offered = shuffled(card.rights.length, seed, card.id);
  const given = card.lefts.map((_, index) => answer?.[index] ?? null);
  const element = h("div", { class: "match" });
  let picked = null;
  let active = null;

  const name = (item) => spoken(card.rights[item].text);
  const place = (left, item) => {
    given[left] = item;
    [picked, active] = [null, null];
    change(given.some((right) => right !== null) ? [...given] : null);
    draw();
    const open = given.findIndex((right, index) => right === null && index > left);
    element.querySelector(`[data-left="${item === null || open < 0 ? left : open}"]`)?.focus();
    say(`${spoken(card.lefts[left].text)}: ${item === null ? "empty" : name(item)}`);
  };
  const onSlot = (left) => {
    if (picked !== null) return place(left, picked);
    if (given[left] !== null) return place(left, null);
    active = active === left ? null : left;
    draw();
    return element.querySelector(`[data-left="${left}"]`).focus();
  };
  const onChip = (item) => {
    if (active !== null) return place(active, item);
    picked = picked === item ? null : item;
    draw();
    return element.querySelector(`[data-right="${item}"]`).focus();
  };
  const slotKeys = (left) => (event) => {
    const item = offered[pressed(event).charCodeAt(0) - 97];
    const isClear = ["Delete", "Backspace"].includes(event.key);
    if (item === undefined && !isClear) return;
    event.preventDefault();
    event.stopPropagation();
    place(left, isClear ? null : item);
  };

  function draw() {
    const rows = card.lefts.map((left, index) => {
      const item = given[index];
      const isRight = item === left.right;
      const held = item === null ? h("span", { class: "empty" }, "…") : h("span", { class: "text", html: card.rights[item].text });
      const slot = locked
        ? h("div", { class: `slot ${isRight ? "right" : "wrong"}` }, held, isRight ? badge("right") : item === null ? null : badge("your answer"))
        : h("button", {
            type: "button",
            class: `slot${active === index ? " active" : ""}`,
            "data-left": index,
            "aria-label": `${spoken(left.text)}: ${item === null ? "empty" : name(item)}. Press the letter of its match.`,
            onclick: () => onSlot(index),
            onkeydown: slotKeys(index),
          }, held);
      const right = locked && !isRight ? h("div", { class: "slot answer" }, h("span", { class: "text", html: card.rights[left.right].text }), badge("the answer")) : null;
      return h("div", { class: "pair" }, h("span", { class: "text left", html: left.text }), h("span", { class: "arrow", "aria-hidden": "true" }, "→"), h("div", { class: "slots" }, slot, right));
    });
    const chips = offered.map((item, index) => {
      const chip = h("button", { type: "button", class: "chip", "data-right": item, "aria-pressed": String(picked === item), onclick: () => onChip(item) });
      chip.append(h("span", { class: "grip", "aria-hidden": "true" }, "⠿"), h("kbd", {}, letter(index)), h("span", { class: "text", html: card.rights[item].text }));
      draggable(chip, { root, targets: () => [...element.querySelectorAll(".slot")], drop: (target) => target && place(Number(target.dataset.left), item) });
      return h("li", {}, chip);
    });
    const hint = "Drag an answer to its place, or choose one and then the place. With the keyboard: go to a place and press a letter. An answer may serve twice.";
    const pool = h("ul", { class: "pool", "aria-label": "Answers to place" }, ...chips);
    element.classList.toggle("marked", locked);
    element.replaceChildren(h("div", { class: "pairs" }, ...rows), ...(locked ? [] : [pool, h("p", { class: "hint" }, hint)]));
  }

  draw();
  const key = (event) => {
    const item = locked ? undefined : offered[pressed(event).charCodeAt(0) - 97];
    if (item !== undefined) onChip(item);
    return item !== undefined;
  };
  return { element, key };
}

const CONTROLS = { choice: choices, several: choices, number: typed, order, match, shape: typed, bug };
