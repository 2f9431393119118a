// The frame around the views: the way to them, the language, the pact in force, and what every view has to say out loud.
import { fill, h } from "./dom.js";
import { bdi } from "./parts.js";
import { localClock, relative } from "./time.js";
import { LANGUAGES, choose, language, say, tell } from "./words.js";

const part = (id) => document.getElementById(id);

const VIEWS = [["#/", say("Today")], ["#/leads", say("Leads")], ["#/measures", say("Measures")], ["#/pact", say("Pact")], ["#/status", say("Status")]];

/** A language by the name that its readers give it. */
const nameOf = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);

/** Draws what stays as it is while the page is open. */
export function drawFrame() {
  fill(part("skip"), say("Skip to the content"));
  part("views").setAttribute("aria-label", say("Views"));
  part("notices").setAttribute("aria-label", say("Notices"));
  fill(part("views"), h("ul", {}, VIEWS.map(([href, name]) => h("li", {}, h("a", { href }, name)))));
  fill(part("live"), say("Live"));
  const select = part("language");
  select.setAttribute("aria-label", say("Language"));
  fill(select, LANGUAGES.map((code) => h("option", { value: code, lang: code }, nameOf(code))));
  select.value = language;
  select.onchange = () => choose(select.value);
}

/** Marks the way to the view that is open: `at` is its address, and `within` that of the view that it is a part of. */
export function markView(at, within) {
  for (const link of part("views").querySelectorAll("a")) {
    const href = link.getAttribute("href");
    if (href === within) link.setAttribute("aria-current", href === at ? "page" : "true");
    else link.removeAttribute("aria-current");
  }
}

/**
 * Draws what changes: the pact in force, where it is known, whether what happens is shown as it happens, since when it is not,
 * what of the files on disk was refused, and what tries the connection again.
 */
export function drawState({ pact, live, lostAt, refused, again }) {
  part("live").hidden = !live;
  fill(
    part("in-force"),
    pact ? h("a", { href: "#/pact" }, bdi(pact.name), pact.version ? [" ", bdi(pact.version)] : null) : null,
    pact ? h("span", { class: "since" }, ", ", tell("since {0}", relative(pact.since))) : null,
  );
  part("notices").hidden = !lostAt && !refused;
  fill(
    part("notices"),
    lostAt ? h("p", { class: "notice", "data-key": "lost" }, h("span", {}, h("strong", {}, say("Not live since {0}.", localClock(lostAt))), " ", say("Trying again.")), h("button", { type: "button", onclick: again }, say("Try now"))) : null,
    refused ? h(
      "p",
      { class: "notice", "data-key": "refused" },
      h("span", {}, h("strong", {}, say("The files on disk are not in force.")), " ", headline(refused), " ", h("a", { href: "#/status" }, say("See status"))),
    ) : null,
  );
}

/** The first thing that is wrong, of a drawn finding. */
function headline({ rendered, findings }) {
  const found = /^\s*[×✖!]\s*(.+)$/mu.exec(rendered)?.[1].trim();
  const rest = findings - 1;
  if (!found) return [say("{0} finding | {0} findings", findings), "."];
  return [h("span", { lang: "en" }, found), rest > 0 ? say(", and {0} more", rest) : "", "."];
}

/** Says a text out loud, to whoever listens to the page. */
export function announce(text) {
  // The same words twice are two messages.
  part("say").textContent = part("say").textContent === text ? `${text}\u00a0` : text;
}
