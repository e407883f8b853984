// What every page does: definitions that Escape closes, drawers, the reader's progress, and links that need a server.

import { mountAttends } from "./attends.js";
import { mountDrawers } from "./drawers.js";
import { mountProgress } from "./progress.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("closed");
});
for (const term of document.querySelectorAll(".term")) {
  for (const kind of ["mouseenter", "focusin"]) term.addEventListener(kind, () => within(term.querySelector("[role=tooltip]")));
  for (const kind of ["mouseleave", "focusout"]) term.addEventListener(kind, () => term.classList.remove("closed"));
}

/** A definition that would stand out of the page on the right is moved to the left. */
function within(tip) {
  tip.style.left = "";
  const over = tip.getBoundingClientRect().right + 8 - document.documentElement.clientWidth;
  if (over > 0) tip.style.left = `${-over}px`;
}

// A wide formula or figure scrolls, and a keyboard must be able to get there; one that fits is no stop on the way.
function reachable() {
  for (const box of document.querySelectorAll(".formula, .figure, .table-wrapper, div.highlight pre")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
reachable();
addEventListener("resize", reachable);
addEventListener("load", reachable);

// The notebooks run in a page of their own, which a browser only allows from a server.
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("a.needs-server")) {
    link.removeAttribute("href");
    link.setAttribute("aria-disabled", "true");
    link.title = "Needs a web server: run `mha book`, or read the notebook here.";
  }
}

mountDrawers(document);
mountProgress(document);
for (const figure of document.querySelectorAll(".attends")) mountAttends(figure);
