// How far the reader is in each unit: lessons marked as read, quiz questions answered, and points that the notebooks on
// this site earned. Everything stays in this browser; it can be saved to a file and loaded from one.

const READ = "mha-read";
const NOTEBOOKS = "mha-notebooks";
const QUIZ = "mha-quiz"; // as quiz_here.js and the quiz's own page name it
const REPORT = "application/vnd.mha.report+json";
const STORE = "mha-course notebooks";
const PROGRESS_FILE = "mha-progress.json";

function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a browser may refuse storage; then nothing is kept
  }
}

/** The best marks of each question among the reports in a notebook, added up. */
export function pointsIn(notebook, mime = REPORT) {
  const best = new Map();
  for (const cell of notebook?.cells ?? []) {
    for (const output of cell.outputs ?? []) {
      const report = output.data?.[mime];
      if (report?.question) best.set(report.question, Math.max(best.get(report.question) ?? 0, Number(report.marks) || 0));
    }
  }
  return [...best.values()].reduce((sum, marks) => sum + marks, 0);
}

/** The points of each unit in the notebooks' progress file, whose shares are of each question's points; none in another file. */
export function pointsKept(file, worth) {
  const points = {};
  let questions;
  try {
    questions = (typeof file === "string" ? JSON.parse(file) : file)?.questions ?? {};
  } catch {
    return points;
  }
  for (const [question, record] of Object.entries(questions)) {
    const unit = question.split(".")[0];
    const earned = (Number(record?.share) || 0) * (worth[unit]?.[question] ?? 0);
    points[unit] = (points[unit] ?? 0) + earned;
  }
  return points;
}

/** The notebooks that JupyterLite keeps in this browser, by path; none where it was never opened. */
async function savedNotebooks() {
  const known = (await indexedDB.databases?.()) ?? [];
  if (!known.some(({ name }) => name === STORE)) return new Map();
  const database = await done(indexedDB.open(STORE));
  try {
    if (!database.objectStoreNames.contains("files")) return new Map();
    const files = database.transaction("files").objectStore("files");
    const [keys, values] = await Promise.all([done(files.getAllKeys()), done(files.getAll())]);
    return new Map(keys.map((key, i) => [key, values[i].content]));
  } finally {
    database.close();
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function mountProgress(page) {
  const items = [...page.querySelectorAll(".path li")];
  if (!items.length) return;
  const total = page.getElementById("progress-total");
  const said = page.getElementById("progress-said");

  function draw() {
    const read = kept(READ);
    const points = kept(NOTEBOOKS);
    const questions = Object.keys(kept(QUIZ).done ?? {});
    let earned = 0;
    let possible = 0;
    for (const item of items) {
      const { unit } = item.dataset;
      const most = Number(item.dataset.points);
      const mine = Math.min(points[unit] ?? 0, most);
      const answered = questions.filter((id) => id.startsWith(`${unit}.`)).length;
      earned += mine;
      possible += most;
      item.querySelector("input").checked = Boolean(read[unit]);
      item.querySelector(".bar span").style.width = `${(100 * mine) / most}%`;
      const parts = [];
      if (mine) parts.push(`${+mine.toFixed(2)} of ${most} points`);
      if (answered) parts.push(`${answered} quiz ${answered === 1 ? "question" : "questions"} answered`);
      item.querySelector(".said").textContent = parts.join(", ") || (read[unit] ? "Lesson read" : "Not started here");
    }
    total.textContent = earned ? `You have ${+earned.toFixed(2)} of ${possible} points.` : "";
  }

  for (const item of items) {
    item.querySelector("input").addEventListener("change", (event) => {
      keep(READ, { ...kept(READ), [item.dataset.unit]: event.target.checked });
      draw();
    });
  }

  page.getElementById("progress-export").addEventListener("click", () => {
    const text = JSON.stringify({ read: kept(READ), points: kept(NOTEBOOKS), quizzes: { all: kept(QUIZ) } }, null, 1);
    const link = page.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "multi-head-attention-progress.json";
    link.click();
    URL.revokeObjectURL(link.href);
    said.textContent = "Saved.";
  });

  page.getElementById("progress-import").addEventListener("change", async (event) => {
    try {
      const { read, points, quizzes } = JSON.parse(await event.target.files[0].text());
      for (const part of [read, points, quizzes]) if (typeof part !== "object" || part === null) throw new TypeError("no progress");
      keep(READ, { ...kept(READ), ...read });
      keep(NOTEBOOKS, highest(kept(NOTEBOOKS), points));
      // Files of an earlier edition hold one state for each unit.
      for (const state of Object.values(quizzes)) {
        const mine = kept(QUIZ);
        keep(QUIZ, { ...mine, done: { ...state.done, ...mine.done }, memory: { ...state.memory, ...mine.memory } });
      }
      said.textContent = "Loaded.";
    } catch {
      said.textContent = "This file holds no progress of this course. Choose one that was saved here.";
    }
    event.target.value = "";
    draw();
  });

  draw();
  try {
    const notebooks = await savedNotebooks();
    const now = Object.fromEntries(
      items.map(({ dataset }) => [dataset.unit, pointsIn(notebooks.get(`${dataset.name}/${dataset.notebook}`))]),
    );
    const worth = Object.fromEntries(items.map(({ dataset }) => [dataset.unit, JSON.parse(dataset.questions)]));
    const told = pointsKept(notebooks.get(PROGRESS_FILE), worth);
    keep(NOTEBOOKS, highest(highest(kept(NOTEBOOKS), now), told));
    draw();
  } catch {
    // without the notebooks' storage, what was kept before is shown
  }
}

const highest = (one, other) =>
  Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(other)])].map((unit) => [unit, Math.max(Number(one[unit]) || 0, Number(other[unit]) || 0)]));
