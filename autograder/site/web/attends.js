// The landing page's picture: from the word under the pointer, or with the focus, arcs lead to the words it attends to.

export function mountAttends(figure) {
  const weights = JSON.parse(figure.dataset.weights);
  const svg = figure.querySelector("svg");
  const buttons = [...figure.querySelectorAll("button")];
  const caption = figure.querySelector("figcaption span");
  let now = -1;

  function draw(query) {
    const box = svg.getBoundingClientRect();
    const middles = buttons.map((button) => {
      const place = button.getBoundingClientRect();
      return [place.left + place.width / 2 - box.left, place.top - box.top];
    });
    svg.replaceChildren(...weights[query].map((weight, key) => arc(middles[query], middles[key], weight)));
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === query)));
    if (query === now) return;
    now = query;
    const order = weights[query].map((weight, key) => [weight, buttons[key].textContent]).sort(([one], [other]) => other - one);
    const [[first, word], [second, next]] = order;
    caption.textContent = `"${buttons[query].textContent}" takes ${Math.round(100 * first)}% from "${word}" and ${Math.round(100 * second)}% from "${next}".`;
  }

  buttons.forEach((button, i) => {
    for (const kind of ["mouseenter", "focus", "click"]) button.addEventListener(kind, () => draw(i));
  });
  addEventListener("resize", () => draw(now));
  draw(Number(figure.dataset.first));
}

function arc([x0, y0], [x1, y1], weight) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const height = 14 + 0.22 * Math.abs(x1 - x0);
  path.setAttribute("d", `M${x0},${y0} C${x0},${y0 - height} ${x1},${y1 - height} ${x1},${y1}`);
  path.setAttribute("stroke-width", String(0.5 + 9 * weight));
  path.setAttribute("opacity", String(0.25 + 0.75 * weight));
  return path;
}
