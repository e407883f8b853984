// The search box of a page. Each element with data-search gets one; the attribute is the way from the page to the book's
// root, such as "../". The entries are loaded when the box is first used.

import { createSearch } from "./search.js";

const HEADINGS = { lesson: "Lessons", term: "Glossary", question: "Quiz questions", guide: "Guides" };

/** Put a search box into an element. `load()` resolves to the entries. Returns the input. */
export function mountSearch(root, base, load) {
  const input = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const label = element("label", { class: "search-label" }, "Search ", input);
  const status = element("p", { class: "search-status", role: "status" });
  const results = element("div", { class: "search-results", hidden: "" });
  root.append(label, status, results);

  let ready = null;
  let asked = "";

  async function answer() {
    const query = (asked = input.value.trim());
    if (!query) return show([], "");
    ready ??= load().then(createSearch);
    let search;
    try {
      search = await ready;
    } catch {
      ready = null;
      return show([], "The search could not be loaded. Reload the page to try again.");
    }
    if (query !== asked) return undefined; // something else has been typed meanwhile
    const groups = search.search(query);
    const count = groups.reduce((sum, group) => sum + group.results.length, 0);
    return show(groups, count ? `${count} ${count === 1 ? "result" : "results"}` : `Nothing found for "${query}".`);
  }

  function show(groups, said) {
    status.textContent = said;
    results.replaceChildren(...groups.map((group) => section(group, base)));
    results.hidden = !groups.length;
  }

  const links = () => [...results.querySelectorAll("a")];

  function close() {
    asked = "";
    show([], "");
  }

  root.addEventListener("keydown", (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") {
      if (results.hidden && !input.value) return; // nothing to close here; what the box stands in may close
      if (results.hidden) input.value = "";
      close();
      input.focus();
    } else if (event.key === "ArrowDown" && all.length) {
      all[Math.min(at + 1, all.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (all[at - 1] ?? input).focus();
    } else if (event.key === "Enter" && event.target === input && all.length) {
      best(all).click();
    } else {
      return;
    }
    event.preventDefault();
  });
  root.addEventListener("focusout", (event) => {
    // A click on the page's empty ground moves the focus to nothing.
    if (!root.contains(event.relatedTarget)) close();
  });
  // A press on a link must not take the focus away first, or the link is gone when the click comes.
  results.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("input", answer);
  input.addEventListener("focus", () => input.value && results.hidden && answer());
  return input;
}

const best = (links) => links.reduce((one, other) => (Number(other.dataset.score) > Number(one.dataset.score) ? other : one));

function section({ kind, results }, base) {
  const heading = element("h2", { class: "search-heading" }, HEADINGS[kind]);
  return element("section", { class: "search-group" }, heading, element("ul", {}, ...results.map((one) => item(one, base))));
}

function item({ title, place, url, score, excerpt }, base) {
  const words = excerpt.map(({ text, hit }) => (hit ? element("mark", {}, text) : text));
  return element(
    "li",
    {},
    element("a", { href: base + url, "data-score": String(score) }, title),
    element("span", { class: "search-place" }, place),
    words.length ? element("span", { class: "search-excerpt" }, ...words) : "",
  );
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Load search_index.js, which autograder/site/search.py writes, by a script: a page on a disk may not fetch. */
function loadEntries(base) {
  return new Promise((resolve, reject) => {
    const script = element("script", { src: `${base}search_index.js` });
    script.onload = () => resolve(globalThis.mhaSearchEntries);
    script.onerror = reject;
    document.head.append(script);
  });
}

const boxes = [...document.querySelectorAll("[data-search]")].map((root) =>
  mountSearch(root, root.dataset.search, () => loadEntries(root.dataset.search)),
);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && boxes.length) {
    boxes[0].dispatchEvent(new Event("mha-show", { bubbles: true })); // on a narrow screen it stands in a drawer
    boxes[0].focus();
    event.preventDefault();
  }
});
