// The graph of the glossary's terms: a picture in the plane, a list that says the same, and a way into three dimensions.

import cytoscape from "cytoscape";
import { element } from "./elements.js";
import { load } from "./load.js";

const terms = globalThis.mhaTerms;
const byId = new Map(terms.map((term) => [term.id, term]));
const after = new Map(terms.map(({ id }) => [id, terms.filter((other) => other.before.includes(id)).map((other) => other.id)]));
const root = document.getElementById("graph");
const FILTERS = { domain: "Domain", industry: "Industry", difficulty: "Difficulty" };
const VALUES = { domain: (term) => term.domains, industry: (term) => term.industries, difficulty: (term) => [term.difficulty] };

const search = element("input", { type: "search", autocomplete: "off" });
const selects = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, menu(name)]));
const reset = element("button", { type: "button" }, "Show all");
const solid = element("button", { type: "button", "aria-pressed": "false" }, "Three dimensions");
const fit = element("button", { type: "button" }, "Fit");
const count = element("p", { role: "status", class: "graph-count" });
const picture = element("div", { class: "graph-picture", role: "img", "aria-label": "The terms and how they connect. The list below holds the same." });
const card = element("section", { class: "graph-card", "aria-live": "polite", "aria-label": "The term chosen" }, element("p", {}, "Choose a term in the picture or in the list."));
const list = element("ul", { class: "graph-list" });
root.append(
  element("form", { class: "filters-here" },
    element("label", {}, "Find a term ", search),
    ...Object.entries(FILTERS).map(([name, label]) => element("label", {}, `${label} `, selects[name])),
    reset, fit, solid),
  count,
  element("div", { class: "graph-both" }, picture, card),
  element("h2", { id: "list" }, "The same as a list"),
  list,
);
root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());

function menu(name) {
  const found = [...new Set(terms.flatMap(VALUES[name]))].sort();
  return element("select", { name }, element("option", { value: "" }, "Any"), ...found.map((value) => element("option", { value }, value)));
}

const still = matchMedia("(prefers-reduced-motion: reduce)");
let chosen = null;
let space = null;

// Terms of one theme begin near each other, on a circle of themes; the layout then moves what is connected together.
const themes = [...new Set(terms.map(({ theme }) => theme))];
function start(term) {
  const around = (2 * Math.PI * themes.indexOf(term.theme)) / themes.length;
  const mates = terms.filter(({ theme }) => theme === term.theme);
  const inside = (2 * Math.PI * mates.indexOf(term)) / mates.length;
  return { x: 900 * Math.cos(around) + 260 * Math.cos(inside), y: 620 * Math.sin(around) + 200 * Math.sin(inside) };
}

const edges = [
  ...terms.flatMap((term) => term.before.map((first) => ({ source: first, target: term.id, kind: "before" }))),
  ...terms.flatMap((term) => term.related.filter((other) => term.id < other).map((other) => ({ source: term.id, target: other, kind: "related" }))),
];
const graph = cytoscape({
  container: picture,
  elements: [
    ...terms.map((term) => ({ data: { id: term.id, label: term.name }, position: start(term) })),
    ...edges.map((edge) => ({ data: edge, classes: edge.kind })),
  ],
  layout: { name: "cose", randomize: false, animate: false, nodeDimensionsIncludeLabels: true, nodeOverlap: 60, nodeRepulsion: () => 3000000, idealEdgeLength: () => 160, edgeElasticity: () => 60, gravity: 0.4, numIter: 1500, padding: 60 },
  minZoom: 0.15,
  maxZoom: 3,
});

/** The page's own colours, which follow the theme. */
function colours() {
  const style = getComputedStyle(document.body);
  const of = (name) => style.getPropertyValue(name).trim();
  return { text: of("--color-foreground-primary"), line: of("--color-foreground-border"), ground: of("--color-background-primary"), brand: of("--color-brand-primary"), muted: of("--color-foreground-muted") };
}

function paint() {
  const { text, line, ground, brand, muted } = colours();
  graph.style([
    { selector: "node", style: { label: "data(label)", color: text, "font-size": 24, "text-outline-color": ground, "text-outline-width": 4, "background-color": brand, width: 20, height: 20, "text-valign": "top", "text-margin-y": -3 } },
    { selector: "edge", style: { width: 1.5, "line-color": line, "curve-style": "bezier" } },
    { selector: "edge.before", style: { "target-arrow-shape": "triangle", "target-arrow-color": line } },
    { selector: "edge.related", style: { "line-style": "dotted" } },
    { selector: ".away", style: { display: "none" } },
    { selector: ".faded", style: { opacity: 0.18 } },
    { selector: ".lit", style: { "line-color": brand, "target-arrow-color": brand, width: 3 } },
    { selector: ".near", style: { width: 26, height: 26, "z-index": 10 } },
    { selector: ".chosen", style: { "border-width": 4, "border-color": text } },
    { selector: "node:active", style: { "overlay-color": muted } },
  ]);
}
paint();
new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

const fits = (term) =>
  Object.keys(FILTERS).every((name) => !selects[name].value || VALUES[name](term).includes(selects[name].value)) &&
  term.words.includes(search.value.trim().toLowerCase());

function show() {
  const shown = new Set(terms.filter(fits).map(({ id }) => id));
  graph.batch(() => graph.nodes().forEach((node) => void node.toggleClass("away", !shown.has(node.id()))));
  for (const item of list.children) item.hidden = !shown.has(item.dataset.id);
  count.textContent = `${shown.size} of ${terms.length} terms`;
  const first = byId.get(chosen);
  graph.elements().removeClass("faded lit near chosen");
  if (first && shown.has(chosen)) {
    const node = graph.getElementById(chosen);
    graph.elements().not(node.closedNeighborhood()).addClass("faded");
    node.connectedEdges().addClass("lit");
    node.closedNeighborhood().nodes().addClass("near");
    node.addClass("chosen");
  }
  space?.show(shown, chosen);
}

function choose(id, { focus = false } = {}) {
  chosen = id;
  const term = byId.get(id);
  const names = (label, ids) => (ids.length ? element("p", {}, element("b", {}, `${label}: `), ...ids.flatMap((other, i) => [i ? ", " : "", jump(other)])) : "");
  const text = (html) => Object.assign(element("div", {}), { innerHTML: html });
  card.replaceChildren(
    element("h2", { tabindex: "-1" }, term.name),
    text(`<p>${term.definition}</p>${term.explanation}<p><b>Why it matters.</b> ${term.matters}</p>`),
    names("Know first", term.before),
    names("Learn next", after.get(id)),
    names("Related", term.related),
    ...term.lessons.map(([url, heading]) => element("p", {}, element("a", { href: url }, `Lesson: ${heading}`))),
    element("p", {}, element("a", { href: `glossary.html#${id}` }, "In the glossary")),
  );
  card.scrollTop = 0;
  if (focus) card.querySelector("h2").focus();
  write();
  show();
  near(id);
}

/** Move to a term and its neighbours, large enough to read them. */
function near(id) {
  const around = graph.getElementById(id).closedNeighborhood().nodes(":visible");
  const fit = { eles: around, padding: 60 };
  if (still.matches) graph.fit(around, 60);
  else graph.animate({ fit }, { duration: 400 });
}

const jump = (id) => element("button", { type: "button", class: "link", onclick: () => choose(id, { focus: true }) }, byId.get(id).name);

function write() {
  const asked = Object.entries({ ...Object.fromEntries(Object.entries(selects).map(([name, { value }]) => [name, value])), q: search.value.trim(), term: chosen ?? "" });
  const query = new URLSearchParams(asked.filter(([, value]) => value)).toString();
  history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}`);
}

for (const term of [...terms].sort((one, other) => one.name.localeCompare(other.name))) {
  const lead = (ids) => ids.map((id) => byId.get(id).name).join(", ");
  const said = [term.before.length && `builds on ${lead(term.before)}`, after.get(term.id).length && `leads to ${lead(after.get(term.id))}`, term.related.length && `related: ${lead(term.related)}`].filter(Boolean);
  list.append(element("li", { "data-id": term.id }, jump(term.id), said.length ? `: ${said.join("; ")}.` : ""));
}

const asked = new URLSearchParams(location.search);
for (const [name, select] of Object.entries(selects)) {
  select.value = asked.get(name) ?? "";
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => { write(); show(); });
}
search.value = asked.get("q") ?? "";
search.addEventListener("input", () => { write(); show(); });
reset.addEventListener("click", () => {
  for (const input of [search, ...Object.values(selects)]) input.value = "";
  chosen = null;
  write();
  show();
});
fit.addEventListener("click", () => (space ? space.fit() : graph.fit(graph.nodes(":visible"), 60)));
graph.on("tap", "node", (event) => choose(event.target.id()));

solid.addEventListener("click", async () => {
  if (space) {
    space.close();
    space = null;
    picture.classList.remove("solid");
  } else {
    solid.disabled = true;
    try {
      const { openSpace } = await load("_static/graph_3d.js", "mhaSpace");
      picture.classList.add("solid");
      space = openSpace(picture, { terms, edges, colours, choose });
    } catch (error) {
      count.textContent = `The graph in three dimensions needs WebGL, which this browser does not offer. (${error.message})`;
      picture.classList.remove("solid");
      space = null;
    }
    solid.disabled = false;
  }
  solid.setAttribute("aria-pressed", String(Boolean(space)));
  show();
});

if (byId.has(asked.get("term"))) choose(asked.get("term"));
else show();
