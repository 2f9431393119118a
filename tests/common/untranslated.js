// What the page says in English to readers of another language, whose words by their English text are given: a list of texts.
// Left aside are what the pact, its rules and its leads are called, what says itself that it is English, and the product's name.
const ASIDE = "bdi, code, pre, .place, .lead, .mark, [lang]:not(html), .key, .source, .contents h3, .kind, .party, .filters option:not([value=''], [value=true])";
const words = arguments[0];
const { lang } = document.documentElement;
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\\\{\d\\\}/g, "[^a-z]*");
const english = Object.entries(words)
  .filter(([said, word]) => said !== word && /[a-z]{3}/i.test(said))
  .flatMap(([said]) => said.split(" | "))
  .map((said) => new RegExp(`^${escaped(said.trim())}$`, "i"));
// Where the language has letters of its own, any other is left over; but those of a zone and of a quarter.
const foreign = (text) => ["th", "ru"].includes(lang) && /[a-z]/i.test(text.replace(/\bUTC\b|\bQ[1-4]\b|Leadpact/g, ""));
const left = (text) => lang !== "en" && (foreign(text) || english.some((said) => said.test(text.trim())));
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  if (!node.parentElement.closest(`${ASIDE}, noscript, script`) && left(node.data)) found.push(node.data);
}
for (const one of document.querySelectorAll("[aria-label], [placeholder]")) {
  for (const said of [one.getAttribute("aria-label"), one.getAttribute("placeholder")]) {
    if (said && !one.closest(ASIDE) && left(said)) found.push(said);
  }
}
if (left(document.title.replace(/ · Leadpact$/, "")) && !document.querySelector("h1 bdi")) found.push(document.title);
return found;
