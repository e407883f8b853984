export { fsrs } from "ts-fsrs";
