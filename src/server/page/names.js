// What the things of the pact are called in the reader's language.
import { call } from "./api.js";
import { language, say } from "./words.js";

let labels = {};

/** Fetches the labels of the pact in force. */
export async function fetchLabels() {
  labels = (await call("v1/labels", { language })).labels;
}

/** A name as people write it. */
export const words = (name) => name.replaceAll("_", " ");

const VOLUME = "leads entering ";

/** The label of a thing, or its name where the pact has no label for it. */
export function named(name) {
  const text = String(name ?? "");
  if (Object.hasOwn(labels, text)) return labels[text];
  // What a volume promises has no name of its own.
  return text.startsWith(VOLUME) ? say("leads entering {0}", named(text.slice(VOLUME.length))) : words(text);
}

/** Whether a description says more than a name. */
export const adds = (description, name) => Boolean(description) && description !== words(name);

/** What figures are split by that no pact gives a name to. */
const BUILT_IN = ["stage", "stage.name", "owner", "stage.owner", "team", "person", "queue", "round", "program.kind", "program.name", "disposition"];

/** What figures are split by. */
export const dimension = (name) => (BUILT_IN.includes(name) && !Object.hasOwn(labels, name) ? say(name) : named(name));

/** A value of what figures are split by. */
export const groupValue = (value) => (value === "(missing)" ? say("(missing)") : named(value));
