// Making elements, and dragging them with mouse, pen or finger.

/** An element with properties, attributes (data-*, aria-*, role, for), listeners (onclick) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-") && typeof value !== "string") element[name] = value;
    else if (name === "html") element.innerHTML = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const letter = (index) => String.fromCharCode(97 + index);

/** Text of an element for a label: formulas read as their text. */
export const spoken = (html) => h("span", { html }).textContent.replace(/\s+/g, " ").trim();

/**
 * Let an element be dragged. `targets()` lists the places it may be dropped on; `drop(target, x, y)` is called once.
 * A press that does not move stays a click. A finger drags by the grip alone, so that it can still scroll the page.
 */
export function draggable(element, { root, targets, drop }) {
  element.addEventListener("pointerdown", (press) => {
    const byGrip = press.target.closest(".grip");
    if (press.button !== 0 || (press.pointerType !== "mouse" && !byGrip) || press.target.closest(".tool")) return;
    let ghost = null;
    let over = null;
    const find = (event) =>
      targets().find((target) => {
        const box = target.getBoundingClientRect();
        return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      }) ?? null;
    const move = (event) => {
      if (!ghost && Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < 5) return;
      event.preventDefault();
      if (!ghost) {
        const box = element.getBoundingClientRect();
        ghost = element.cloneNode(true);
        ghost.classList.add("ghost");
        ghost.setAttribute("aria-hidden", "true");
        Object.assign(ghost.style, { width: `${box.width}px`, left: `${box.left}px`, top: `${box.top}px` });
        root.append(ghost);
        element.classList.add("dragged");
      }
      ghost.style.transform = `translate(${event.clientX - press.clientX}px, ${event.clientY - press.clientY}px)`;
      const now = find(event);
      if (now !== over) {
        over?.classList.remove("over");
        now?.classList.add("over");
        over = now;
      }
    };
    const end = (event) => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      if (!ghost) return;
      ghost.remove();
      element.classList.remove("dragged");
      over?.classList.remove("over");
      // The click that follows a drag is not meant as one.
      const swallow = (click) => click.stopPropagation();
      root.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => root.removeEventListener("click", swallow, { capture: true }));
      if (event.type === "pointerup") drop(find(event), event.clientX, event.clientY);
    };
    document.addEventListener("pointermove", move, { passive: false });
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
}
