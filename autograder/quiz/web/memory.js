// When a question comes back, the same as ../review.py: FSRS, by ts-fsrs, one card for each question, in whole days.
// A record is {asked, right, last, stability, difficulty, due}; days are "2026-03-01", as in the terminal's file.

const DAY = 86_400_000;
export const RATINGS = { 1: "again", 2: "hard", 3: "good", 4: "easy" };
const scheduler = TsFsrs.fsrs({ enable_fuzz: false });
const FILE_VERSION = 2;

const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);
const daysAfter = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** Today where the reader is, as "2026-03-01". */
export function dayOf(now = new Date()) {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

export function ratingOf(score, seconds, expected) {
  if (score < 0.5) return 1;
  if (score < 1 || seconds > 2 * expected) return 2;
  return seconds < expected / 3 ? 4 : 3;
}

export function reviewed(record, rating, right, today) {
  const before = record?.stability ? { stability: record.stability, difficulty: record.difficulty } : null;
  const elapsed = before ? Math.max(0, daysBetween(record.last, today)) : 0;
  const { stability, difficulty } = scheduler.next_state(before, elapsed, rating);
  return {
    asked: (record?.asked ?? 0) + 1,
    right: (record?.right ?? 0) + (right ? 1 : 0),
    last: today,
    stability,
    difficulty,
    due: daysAfter(today, scheduler.next_interval(stability, elapsed)),
  };
}

export function remembered(record, today) {
  return record?.stability ? scheduler.forgetting_curve(Math.max(0, daysBetween(record.last, today)), record.stability) : 0;
}

export function toFile(records) {
  return `${JSON.stringify({ version: FILE_VERSION, questions: records }, null, 1)}\n`;
}

const isDay = (day) => day === null || (typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)));
const isNumberOrNull = (number) => number === null || Number.isFinite(number);

/** Whether something is a record; one that came from a file or from storage may be anything. */
export function isRecord(record) {
  const { asked, right, last = null, stability = null, difficulty = null, due = null } = record ?? {};
  return Number.isSafeInteger(asked) && Number.isSafeInteger(right) && isDay(last) && isDay(due) && isNumberOrNull(stability) && isNumberOrNull(difficulty);
}

/** The records of a progress file; a sentence where it is none. */
export function fromFile(text) {
  let kept = null;
  try {
    kept = JSON.parse(text);
  } catch {
    return "This is not a progress file of the quiz: it is not JSON.";
  }
  if (kept?.version === 1) return "This file was written by the first edition. Run mha quiz once in a terminal; it brings the file up to date.";
  if (kept?.version !== FILE_VERSION) return "This is not a progress file of this edition of the quiz.";
  const questions = kept.questions ?? {};
  if (!Object.values(questions).every(isRecord)) return "This progress file is damaged; nothing was taken over.";
  return questions;
}

/** Two sets of records as one: of each question, the record with the later answer. */
export function merged(ours, theirs) {
  const all = { ...ours };
  for (const [id, record] of Object.entries(theirs)) {
    const own = all[id];
    if (!own || (record.last ?? "") > (own.last ?? "") || (record.last === own.last && record.asked > own.asked)) all[id] = record;
  }
  return all;
}
