// Matrices drawn: a table of coloured numbers where there is room for them, and a picture with the table behind it where not.

import { element } from "./elements.js";

const MOST_COLUMNS = 24; // of a table; a wider matrix is a picture
const MOST_ROWS = 40; // of a picture whose rows have names; one with more has smaller cells

/** Blue above 0, orange below, white at 0, in full colour at `top`. Returns [red, green, blue]. */
function colour(value, top) {
  const share = Number.isFinite(value) ? Math.min(Math.abs(value) / top, 1) : 0;
  const end = value > 0 ? [8, 69, 148] : [166, 84, 0];
  return end.map((c) => Math.round(255 + (c - 255) * share));
}

/** Black or white, whichever stands out more. */
function inkOn(background) {
  const [red, green, blue] = background.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 ? "#fff" : "#000";
}

const largest = (values) => Math.max(...values.map((row) => Math.max(...row.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)))), 1e-9);
const written = (value) => (value === -Infinity ? "−∞" : value.toFixed(2));

/**
 * A matrix (n, m) to look at and to read.
 *
 * rows      a name for each row
 * columns   a name for each column; numbers from 0 where left out
 * heads     how many blocks of columns there are, one for each head
 * followed  the row that is followed, or none
 * strong    whether this is the one among several that is looked at
 */
export function matrixView(values, { rows, columns = null, title = "", heads = 0, followed = -1, strong = false }) {
  const named = { rows, columns: columns ?? values[0].map((_, j) => String(j)), title, heads, followed, strong };
  return values[0].length > MOST_COLUMNS ? drawn(values, named) : table(values, named);
}

function table(values, { rows, columns, title, heads, followed, strong }) {
  const top = Math.max(largest(values), 1);
  const width = heads ? columns.length / heads : 0;
  const begins = (j) => width > 0 && j % width === 0;
  const cell = (value, j) => {
    const kind = [value === -Infinity ? "hidden-cell" : "", begins(j) && j ? "begins" : ""].join(" ").trim();
    const background = colour(value, top);
    const style = value === -Infinity ? {} : { style: `background: rgb(${background.join(" ")}); color: ${inkOn(background)}` };
    return element("td", { ...style, ...(kind ? { class: kind } : {}) }, written(value));
  };
  const headOf = (j) => `head ${j / width}`;
  const head = width
    ? columns.filter((_, j) => begins(j)).map((_, h) => element("th", { scope: "colgroup", colspan: String(width) }, headOf(h * width)))
    : columns.map((name) => element("th", { scope: "col" }, name));
  const body = values.map((row, i) =>
    element("tr", i === followed ? { class: "followed" } : {}, rows[i] ? element("th", { scope: "row" }, rows[i]) : element("td", {}), ...row.map(cell)));
  return element("table", { class: strong ? "grid strong" : "grid" }, ...(title ? [element("caption", {}, title)] : []),
    element("thead", {}, element("tr", {}, element("td", {}), ...head)), element("tbody", {}, ...body));
}

function drawn(values, named) {
  const { rows, columns, title, heads, followed } = named;
  const many = values.length > MOST_ROWS;
  const cell = many ? [5, 5] : [7, 15]; // pixels across and down; the row names' style fits the second
  const canvas = painted(values, { cell, top: largest(values), heads, followed });
  const said = element("span", { class: "under-pointer" });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const [j, i] = [Math.floor(offsetX / cell[0]), Math.floor(offsetY / cell[1])];
    if (values[i]?.[j] !== undefined) said.textContent = ` ${rows[i] || `row ${i}`}, column ${columns[j]}: ${written(values[i][j])}`;
  });
  const names = element("ol", { class: "picture-rows", "aria-hidden": "true" }, ...(many ? [] : rows).map((name, i) => element("li", i === followed ? { class: "followed" } : {}, name)));
  const across = Math.round((values[0].length / (heads || 1)) * cell[0]);
  const blocks = element("div", { class: "picture-heads", "aria-hidden": "true" }, ...Array.from({ length: heads }, (_, h) => element("span", { style: `width: ${across}px` }, `head ${h}`)));
  const numbers = element("details", { "data-key": `numbers of ${title}`, ontoggle: ({ target }) => {
    if (target.open && target.children.length === 1) target.append(table(values, { ...named, title: "", heads: 0 }));
  } }, element("summary", { "data-key": `show ${title}` }, "Show the numbers"));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${title}: a picture of (${values.length}, ${values[0].length}) numbers. The numbers can be shown below it.`);
  return element("figure", { class: "picture" }, element("figcaption", {}, title, said), element("div", { class: "picture-body" }, names, element("div", {}, blocks, canvas)), numbers);
}

/** A canvas with a cell for each number. */
function painted(values, { cell: [across, down], top, heads = 0, followed = -1 }) {
  const [width, height] = [values[0].length * across, values.length * down];
  const canvas = element("canvas", { width: String(width), height: String(height) });
  const ink = canvas.getContext("2d");
  values.forEach((row, i) => row.forEach((value, j) => {
    ink.fillStyle = value === -Infinity ? "#c4c4c4" : `rgb(${colour(value, top).join(" ")})`;
    ink.fillRect(j * across, i * down, across, down);
  }));
  ink.fillStyle = "#111";
  for (let h = 1; h < heads; h++) ink.fillRect((h * width) / heads - 1, 0, 2, height);
  if (followed >= 0) {
    ink.strokeStyle = "#2f4bc4";
    ink.lineWidth = 2;
    ink.strokeRect(1, followed * down, width - 2, down);
  }
  return canvas;
}

/** The weights (T, T) of one head as a small picture. */
export function smallPicture(weights, followed) {
  const side = Math.max(5, Math.floor(60 / weights.length));
  return painted(weights, { cell: [side, side], top: 1, followed });
}
