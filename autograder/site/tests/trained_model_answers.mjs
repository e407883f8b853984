// Reads {data, texts: [{text, off}]} as JSON from its input; writes for each text its tokens, labels, weights and logits.
import { readFileSync } from "node:fs";
import { encode, label, run, unpack } from "../web/trained_model.js";

const { data, texts } = JSON.parse(readFileSync(0, "utf8"));
const model = unpack(data);
const answers = texts.map(({ text, off }) => {
  const tokens = encode(text, model.pieces);
  const { layers, logits } = run(model, tokens, { off: new Set(off) });
  const weights = layers.map(({ attended }) => attended.heads.map((head) => head.weights));
  return { tokens, labels: tokens.map((token) => label(model.pieces[token])), weights, logits: logits.at(-1) };
});
process.stdout.write(JSON.stringify(answers));
