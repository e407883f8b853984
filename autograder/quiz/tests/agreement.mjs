// Runs the module that the page and the widget get over vectors from standard input, and writes what it says of them.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { mark, sentence, ratingOf, remembered, reviewed, readNumber, readShape, shuffled, variantOf } = await import(pathToFileURL(process.argv[2]));
const { cards, general, answers, numbers, shapes, draws, reviews, ratings } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify({
    marks: answers.map(({ id, variant, answer }) => mark(cards[id], answer, variant)),
    said: answers.map(({ id, variant, answer }) => mark(cards[id], answer, variant).notes.map((note) => sentence(cards[id], note, variant, general))),
    numbers: numbers.map(([written, unit]) => readNumber(written, unit)),
    shapes: shapes.map(([written]) => readShape(written)),
    ratings: ratings.map((given) => ratingOf(...given)),
    reviews: reviews.map((steps) => {
      let record = null;
      return steps.map(([rating, day, later]) => {
        record = reviewed(record, rating, rating > 1, day);
        return [record, remembered(record, later)];
      });
    }),
    draws: draws.map(([seed, name, count]) => [shuffled(count, seed, name), variantOf(seed, name, count)]),
  }),
);
