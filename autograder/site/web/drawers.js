// The theme's two drawers, which hold the pages and the page's sections on a narrow screen, open by a label alone. Here
// buttons, which a keyboard reaches, take the labels' places; Escape closes a drawer, and so does leaving it.

import { element } from "./elements.js";

const DRAWERS = [
  { toggle: "__navigation", drawer: ".sidebar-drawer", name: "Pages and search" },
  { toggle: "__toc", drawer: ".toc-drawer", name: "On this page" },
];

export function mountDrawers(page) {
  for (const { toggle, drawer, name } of DRAWERS) mountDrawer(page, page.getElementById(toggle), page.querySelector(drawer), name);
}

function mountDrawer(page, toggle, drawer, name) {
  if (!toggle || !drawer) return;
  const set = (open) => toggle.checked !== open && toggle.click();
  const buttons = [...page.querySelectorAll(`label[for="${toggle.id}"]:not(.overlay)`)].map((label) => {
    const button = element("button", { type: "button", class: label.className, "aria-label": name, onclick: () => set(!toggle.checked) }, ...label.childNodes);
    label.replaceWith(button);
    return button;
  });
  const visible = () => buttons.find((button) => button.checkVisibility());

  function said() {
    for (const button of buttons) button.setAttribute("aria-expanded", String(toggle.checked));
  }
  toggle.addEventListener("change", () => {
    said();
    if (toggle.checked) [...drawer.querySelectorAll("a, input")].find((one) => one.checkVisibility())?.focus();
    else if (drawer.contains(page.activeElement)) visible()?.focus();
  });
  drawer.addEventListener("mha-show", () => visible() && set(true)); // somebody wants to use what is inside
  drawer.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && set(false));
  drawer.addEventListener("click", (event) => event.target.closest("a") && set(false));
  drawer.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !drawer.contains(relatedTarget) && set(false));
  said();
}
