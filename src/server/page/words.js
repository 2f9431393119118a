// What the page says in the reader's language: words by their English text, numbers and lists.

/** The languages of the table of words, `src/locale/words.csv`. English is in none: words are called by it. */
export const LANGUAGES = ["en", "tr", "es", "th", "ru"];

const KEY = "leadpact.language";
const PATIENCE = 10_000; // of the table of words

/** The language that the address names, or that was chosen here before, or that the browser's user reads. */
function wanted() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // A browser that stores nothing asks for the same language again.
  }
  const asked = [new URLSearchParams(location.search).get("lang"), kept, ...navigator.languages];
  return asked.map((tag) => tag?.split("-")[0].toLowerCase()).find((tag) => LANGUAGES.includes(tag)) ?? "en";
}

/** Words of a language by their English text; null when they cannot be had. */
async function wordsOf(one) {
  if (one === "en") return {};
  try {
    const response = await fetch(`words/${one}.json`, { signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

const table = await wordsOf(wanted());

/** The language in which the page is read. */
export const language = table ? wanted() : "en";
document.documentElement.lang = language;

/** Shows the page in another language, from now on. */
export function choose(one) {
  try {
    localStorage.setItem(KEY, one);
  } catch {
    // The address keeps it as long as the page is open.
  }
  const address = new URL(location.href);
  address.searchParams.set("lang", one);
  location.replace(address);
}

/** How numbers and dates are read. Years are those of the pact's periods, in Thailand too. */
export const READ_AS = { en: "en-GB", th: "th-TH-u-ca-gregory" }[language] ?? language;

const plurals = new Intl.PluralRules(READ_AS);
const disjunction = new Intl.ListFormat(READ_AS, { type: "disjunction" });

/** The form of a word that goes with a number: `one | other`, `one | few | many`, or one for all. */
function formOf(word, count) {
  const forms = word.split(" | ");
  const at = { one: 0, few: 1 }[plurals.select(count)] ?? Infinity;
  return forms[Math.min(at, forms.length - 1)];
}

/**
 * A text with `{0}`, `{1}` and so on filled in, as children of an element: what is filled in may be elements. Forms of a text
 * that has a number in it stand beside each other, `{0} lead | {0} leads`; the first number chooses.
 */
export function tell(english, ...values) {
  const count = values.find((value) => typeof value === "number") ?? 1;
  const parts = formOf(table?.[english] ?? english, count).split(/\{(\d)\}/);
  const filled = (value) => (typeof value === "number" ? number(value) : value ?? "");
  return parts.map((part, at) => (at % 2 ? filled(values[part]) : part));
}

/** The same as one text. */
export const say = (english, ...values) => tell(english, ...values).join("");

export const number = (value) => (typeof value === "number" ? value.toLocaleString(READ_AS, { maximumFractionDigits: 2, useGrouping: "always" }) : String(value ?? ""));

/** A share, such as 0.333, in hundredths. */
export const percent = (share) => say("{0}%", number(Math.round(share * 1000) / 10));

/** One of several: `a, b or c`. */
export const either = (texts) => disjunction.format(texts);
