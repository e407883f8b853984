// The glossary's filters. They stand in the address, so that a view can be linked and the back button works.

const form = document.getElementById("glossary-filters");
const count = document.getElementById("glossary-count");
const entries = [...document.querySelectorAll(".term-entry")];
const names = [...form.querySelectorAll("select")].map((select) => select.name);

function read() {
  const asked = new URLSearchParams(location.search);
  for (const name of names) form.elements[name].value = asked.get(name) ?? "";
  for (const name of names) if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
}

function show() {
  const chosen = names.map((name) => [name, form.elements[name].value]).filter(([, value]) => value);
  let shown = 0;
  for (const entry of entries) {
    entry.hidden = !chosen.every(([name, value]) => entry.dataset[name].split("|").includes(value));
    shown += entry.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("section.letter")) {
    const empty = !section.querySelector(".term-entry:not([hidden])");
    section.hidden = empty;
    document.querySelector(`.letters a[href="#${section.querySelector("h2").id}"]`).classList.toggle("empty", empty);
  }
  count.textContent = chosen.length ? `${shown} of ${entries.length} terms` : `${entries.length} terms`;
  return chosen;
}

function write() {
  const chosen = show();
  const query = new URLSearchParams(chosen).toString();
  history.pushState(null, "", `${location.pathname}${query ? `?${query}` : ""}`);
}

/** A link to a term that the filters hide shows all terms. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.hidden) return;
  form.reset();
  write();
  target.scrollIntoView();
}

form.addEventListener("change", write);
form.addEventListener("reset", () => setTimeout(write));
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", () => {
  read();
  show();
});
addEventListener("hashchange", reveal);
read();
show();
reveal();
