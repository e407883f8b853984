// Reads a list of layers as JSON from its input and writes every step of each, computed by the explorer's module.
import { readFileSync } from "node:fs";
import { attend } from "../web/attention.js";

const infinite = (key, value) => (value === -Infinity ? "-inf" : value);
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(attend), infinite));
