// Marking in the browser, the same as ../marking: both are run over the same test vectors.
// A mark is {score, notes, readable}; a note [name, index] says which sentence applies, and to which part.

const unreadable = (name = "unreadable") => ({ score: 0, notes: [[name, 0]], readable: false });
const marked = (score, notes = []) => ({ score, notes, readable: true });

const isIndex = Number.isInteger;
const below = (limit) => (item) => isIndex(item) && item >= 0 && item < limit;

export function mark(card, answer, variant = 0) {
  return MARKERS[card.kind](card, answer, variant);
}

export function verdict(result) {
  if (!result.readable) return "unreadable";
  return result.score === 1 ? "right" : result.score > 0 ? "partly" : "wrong";
}

function markChoice(card, answer) {
  if (!below(card.choices.length)(answer)) return unreadable();
  return card.choices[answer].right ? marked(1) : marked(0, [["why", answer]]);
}

function markSeveral(card, answer) {
  if (!Array.isArray(answer) || !answer.length || !answer.every(below(card.choices.length))) return unreadable();
  const indices = card.choices.map((_, index) => index);
  const right = indices.filter((index) => card.choices[index].right);
  const wrong = indices.filter((index) => !card.choices[index].right && answer.includes(index));
  const missed = right.filter((index) => !answer.includes(index));
  const score = Math.max(0, right.length - missed.length - wrong.length) / right.length;
  return marked(score, [...wrong.map((index) => ["why", index]), ...missed.map((index) => ["missed", index])]);
}

// Numbers

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/;
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
const DECIMAL_COMMA = /^[+-]?\d*,\d+$/;

export function readNumber(written, unit) {
  let text = written.trim().toLowerCase().replaceAll("−", "-").replace(/^[=≈~ ]+/, "");
  if (unit && text.endsWith(unit.toLowerCase())) text = text.slice(0, -unit.length).trim();
  text = text.replace(/(?<=\d)[ \u00a0\u202f'_](?=\d{3}(?!\d))/g, "");
  for (const sign of ["/", "**", "^"]) {
    const at = text.indexOf(sign);
    if (at >= 0) return joined(readPlain(text.slice(0, at).trim()), sign, readPlain(text.slice(at + sign.length).trim()));
  }
  return readPlain(text);
}

function readPlain(text) {
  if (THOUSANDS.test(text)) text = text.replaceAll(",", "");
  else if (DECIMAL_COMMA.test(text)) text = text.replaceAll(",", ".");
  return PLAIN.test(text) ? finite(Number(text)) : null;
}

function joined(first, sign, second) {
  if (first === null || second === null) return null;
  if (sign === "/") return second === 0 ? null : finite(first / second);
  return finite(first ** second);
}

const finite = (number) => (Number.isFinite(number) ? number : null);

function agrees(given, expected) {
  const whole = Number.isInteger(expected);
  return Math.abs(given - expected) <= (whole ? 1e-9 * Math.max(1, Math.abs(expected)) : 0.005 * Math.abs(expected));
}

function markNumber(card, answer, variant) {
  if (typeof answer !== "string") return unreadable();
  const given = readNumber(answer, card.unit_name);
  if (given === null) return unreadable("no_number");
  const { answer: right, wrong } = card.variants[variant];
  if (agrees(given, right)) return marked(1);
  const known = wrong.findIndex((value) => agrees(given, value));
  return marked(0, [known >= 0 ? ["known", known] : ["other_number", 0]]);
}

// Orders

function markOrder(card, answer) {
  const { steps, distractors } = card;
  if (!Array.isArray(answer) || !answer.length || new Set(answer).size !== answer.length) return unreadable();
  if (!answer.every(below(steps.length + distractors.length))) return unreadable();
  const place = new Map(answer.map((item, position) => [item, position]));
  const fits = (item) => steps[item].after.every((needed) => place.get(needed) < place.get(item));
  const placed = answer.filter((item) => item < steps.length);
  const foreign = answer.filter((item) => item >= steps.length);
  const lacking = placed.filter((item) => !fits(item));
  const leftOut = steps.map((_, item) => item).filter((item) => !place.has(item));

  const fitting = placed.filter((item) => steps[item].after.length && !lacking.includes(item)).length;
  const share = (fitting - foreign.length) / steps.filter((step) => step.after.length).length;
  const notes = lacking.slice(0, 1).map((item) => ["lacks", item]);
  notes.push(...foreign.map((item) => ["distractor", item - steps.length]));
  if (!lacking.length) notes.push(...leftOut.slice(0, 1).map((item) => ["left_out", item]));
  return marked(Math.max(0, share), notes);
}

// Matches

function markMatch(card, answer) {
  const { lefts, rights } = card;
  if (!Array.isArray(answer) || answer.length !== lefts.length) return unreadable();
  const given = answer.filter((item) => item !== null);
  if (!given.length || !given.every(below(rights.length))) return unreadable();
  const notes = [];
  lefts.forEach((left, index) => {
    if (answer[index] === null) notes.push(["open", index]);
    else if (answer[index] !== left.right) {
      notes.push(rights[answer[index]].why === null ? ["pair", index] : ["spare", answer[index]]);
    }
  });
  const once = notes.filter(([name, index], at) => notes.findIndex(([n, i]) => n === name && i === index) === at);
  return marked((lefts.length - notes.length) / lefts.length, once);
}

// Shapes

const SAME = {
  batch: "b", batch_size: "b",
  seq: "t", seq_len: "t", tokens: "t", n_tokens: "t",
  heads: "h", n_heads: "h", num_heads: "h", tau: "h", τ: "h",
  dk: "d_k", dv: "d_v", dout: "d_out", dmodel: "d_model", tq: "t_q", tk: "t_k",
};

export function readShape(written) {
  let text = written.normalize("NFKC").toLowerCase().trim();
  text = text.replaceAll("\\cdot", "*").replaceAll("\\times", "*").replace(/[${}\\]/g, "");
  text = text.replace(/[·⋅×∙]/g, "*").replaceAll("−", "-").trim();
  if (text.length >= 2 && ["()", "[]"].includes(text[0] + text.at(-1))) text = text.slice(1, -1).trim();
  else if (!text.includes(",")) return null;
  const axes = text.replace(/,$/, "").split(",").map(readAxis);
  return axes.includes(null) ? null : axes;
}

function readAxis(text) {
  const rest = text.replace(/\s*([a-zτ]+(_[a-z0-9]+)*|[0-9]{1,12}|[-+*/])/gy, "");
  const tokens = text.match(/[a-zτ]+(?:_[a-z0-9]+)*|[0-9]{1,12}|[-+*/]/g) ?? [];
  if (rest.trim()) return null;
  let constant = 0;
  let sign = 1;
  let expects = true;
  let product = newProduct();
  const terms = [];
  for (const token of [...tokens, "+"]) {
    if ("+-".includes(token)) {
      if (expects) return null;
      const [number, names] = result(product, sign);
      if (names) terms.push(names);
      else constant += number;
      [sign, product, expects] = [token === "+" ? 1 : -1, newProduct(), true];
    } else if ("*/".includes(token)) {
      if (expects) return null;
      [product.divides, expects] = [token === "/", true];
    } else {
      if (!take(product, token)) return null;
      expects = false;
    }
  }
  return [...terms.sort(), ...(constant || !terms.length ? [String(constant)] : [])].join("+");
}

const newProduct = () => ({ above: 1, below: 1, names: [], under: [], divides: false });

function take(product, token) {
  const { divides } = product;
  product.divides = false;
  if (/^[0-9]/.test(token)) {
    if (divides && Number(token) === 0) return false;
    product[divides ? "below" : "above"] *= Number(token);
  } else product[divides ? "under" : "names"].push(Object.hasOwn(SAME, token) ? SAME[token] : token);
  return true;
}

function result({ above, below: under, names, under: divisors }, sign) {
  const whole = above % under === 0;
  const factor = sign * (whole ? above / under : above);
  if (!names.length && !divisors.length && whole) return [factor, ""];
  const lower = [...divisors.sort(), ...(whole ? [] : [String(under)])];
  const upper = [...(factor !== 1 || !names.length ? [String(factor)] : []), ...names.sort()];
  return [0, upper.join("*") + lower.map((name) => `/${name}`).join("")];
}

function markShape(card, answer) {
  if (typeof answer !== "string") return unreadable();
  const given = readShape(answer);
  if (given === null) return unreadable("no_shape");
  const right = readShape(card.answer);
  const isGiven = (shape) => readShape(shape).join() === given.join();
  if ([card.answer, ...card.equal].some(isGiven)) return marked(1);
  const known = card.wrong.findIndex(({ shape }) => isGiven(shape));
  if (known >= 0) return marked(0, [["known", known]]);
  if (given.length !== right.length) return marked(0, [["axes", given.length]]);
  if ([...given].sort().join() === [...right].sort().join()) return marked(0, [["axes_order", 0]]);
  return marked(0, [["axis", given.findIndex((axis, index) => axis !== right[index])]]);
}

function markBug(card, answer) {
  if (!isIndex(answer) || !card.lines[answer - 1]?.trim()) return unreadable();
  return answer === card.line ? marked(1) : marked(0, [["line", answer]]);
}

const MARKERS = {
  choice: markChoice,
  several: markSeveral,
  number: markNumber,
  order: markOrder,
  match: markMatch,
  shape: markShape,
  bug: markBug,
};

/** A text of a question with the numbers of one of its variants put in. */
export function filled(html, card, variant) {
  return card.variants ? html.replace(/⟦(\w+)⟧/g, (_, name) => card.variants[variant].shown[name]) : html;
}

/** The part of a question that a note is about, where an answer has several parts. */
function part(card, name, index) {
  if (card.kind === "several") return card.choices[index].text;
  const parts = { lacks: card.steps, distractor: card.distractors, pair: card.lefts, spare: card.rights }[name];
  return parts ? parts[index].text : null;
}

/** The HTML sentence for a note, after the part it is about. */
export function sentence(card, [name, index], variant, general) {
  const own = {
    why: () => card.choices[index].why,
    missed: () => card.choices[index].why,
    known: () => filled(card.wrong[index].why, card, variant),
    lacks: () => card.steps[index].lacks,
    distractor: () => card.distractors[index].why,
    pair: () => card.lefts[index].why,
    spare: () => card.rights[index].why,
    line: () => card.others[index],
  }[name];
  if (own) {
    const about = part(card, name, index);
    return about === null ? own() : `<strong>${about}:</strong> ${own()}`;
  }
  const text = { open: () => card.lefts[index].text, left_out: () => card.steps[index].text }[name]?.() ?? "";
  return general[name].replace("{n}", name === "axis" ? index + 1 : index).replace("{text}", text);
}
