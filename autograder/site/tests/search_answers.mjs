// Ask the search of the book a list of queries: entries and queries come on the standard input, answers leave as JSON.
import { readFileSync } from "node:fs";

import { createSearch } from "../web/search.js";

const { entries, queries } = JSON.parse(readFileSync(0, "utf8"));
const search = createSearch(entries);
process.stdout.write(JSON.stringify(queries.map((query) => search.search(query))));
