// The page: which view is shown, what is live, and who may see it.
import { Problem, call, listen, setToken, whenUnauthorized } from "./api.js";
import { h } from "./dom.js";
import { announce, drawFrame, drawState, markView } from "./frame.js";
import { lead } from "./lead.js";
import { leads } from "./leads.js";
import { behind, measures } from "./measures.js";
import { fetchLabels } from "./names.js";
import { pact } from "./pact.js";
import { matching } from "./parts.js";
import { review } from "./review.js";
import { status } from "./status.js";
import { setNow, tick } from "./time.js";
import { today } from "./today.js";
import { say } from "./words.js";

const main = document.getElementById("main");

/** A lost connection is announced when it does not come back within this. */
const GRACE = 2500;
const TICK = 30_000;
/** How long labels are waited for before names are shown without them. */
const LABELS = 500;

let view = null;
let shown = "";
let locked = false;
let known = null;
let lostAt = Date.now();
let isLive = false;
let places = Date.now();
history.scrollRestoration = "manual";
const scrolls = new Map();

const knownStatus = {
  /** What was last said, or is said now. */
  async known() {
    return known?.leads ? known : this.fetch();
  },
  async fetch() {
    const before = known;
    known = await call("v1/status");
    setNow(known.now);
    drawShell();
    if (before && before.pact.digest !== known.pact.digest) {
      announce(say("{0} is in force", `${known.pact.name} ${known.pact.version ?? ""}`.trim()));
      fetchLabels().then(() => refresh(), () => {});
    }
    if (known.pact.refused && known.pact.refused.at !== before?.pact.refused?.at) announce(say("The files on disk are not in force."));
    return known;
  },
};

// --- Views ---------------------------------------------------------------------------------------------------------

function route(hash) {
  const [path, search = ""] = hash.replace(/^#?\/?/, "").split("?");
  const params = new URLSearchParams(search);
  const [name, ...rest] = path.split("/");
  const context = { params, announce, go, status: knownStatus, restart, back };
  if (name === "") return { id: "today", make: () => today(context) };
  if (name === "leads" && rest.length && rest[0]) return { id: `lead ${rest.join("/")}`, name, make: () => lead({ ...context, key: decode(rest.join("/")) }) };
  if (name === "leads") return { id: "leads", name, params, make: () => leads(context) };
  if (name === "measures" && rest[0] === "reviews" && rest[1]) return { id: hash, name, make: () => review({ ...context, review: decode(rest[1]) }) };
  if (name === "measures" && rest[0]) return { id: hash, name, make: () => behind({ ...context, metric: decode(rest[0]) }) };
  if (name === "measures") return { id: "measures", name, params, make: () => measures(context) };
  if (name === "pact") return { id: "pact", name, params, make: () => pact(context) };
  if (name === "status") return { id: "status", name, make: () => status(context) };
  return { id: hash, make: nowhere };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const nowhere = () => ({
  title: say("Not found"),
  node: h("div", {}, h("h1", { tabindex: "-1" }, say("Nothing is here")), h("p", {}, say("The address names no view."), " ", h("a", { href: "#/" }, say("Go to Today")))),
  refresh: async () => {},
});

function go(hash) {
  location.hash = hash;
}

/** Back to the list that led here, where one did. */
function back(event) {
  if (!history.state?.within) return event ? undefined : go("#/leads");
  event?.preventDefault();
  return history.back();
}

async function show(first = false) {
  if (locked) return;
  const hash = location.hash || "#/";
  const next = route(hash);
  // Only an entry of the history that was shown before knows its place in it.
  const returning = history.state?.place !== undefined;
  const top = returning ? scrolls.get(history.state.place) : 0;
  if (!returning) {
    places += 1;
    history.replaceState({ place: places, within: !first }, "");
  }
  markView(hash.split("?")[0], `#/${next.name ?? ""}`);
  const same = view?.update && shown === next.id;
  shown = next.id;
  if (same) {
    await view.update(next.params);
    return;
  }
  drawShell();
  view = next.make();
  document.title = `${view.title} · Leadpact`;
  main.replaceChildren(view.node);
  if (!first) main.querySelector("h1")?.focus({ preventScroll: true });
  const mine = view;
  if (!returning) scrollTo(0, 0);
  await refresh();
  if (top && mine === view) scrollTo(0, top);
}

addEventListener("hashchange", () => {
  show();
});

addEventListener("scroll", () => {
  if (history.state?.place) scrolls.set(history.state.place, scrollY);
}, { passive: true });

async function refresh(changed) {
  if (locked || !view) return;
  const mine = view;
  try {
    await mine.refresh(changed);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

// --- What is live --------------------------------------------------------------------------------------------------

let waiting = null;
let lastRefresh = 0;
let changed = new Set();
let missed = false;
let announcedLost = false;

/** Fetches again what the view shows, at most once a second, and not while nobody looks. */
function refreshSoon() {
  if (document.hidden) missed = true;
  if (waiting || document.hidden) return;
  waiting = setTimeout(() => {
    waiting = null;
    lastRefresh = Date.now();
    const keys = changed;
    changed = new Set();
    refresh(keys);
  }, Math.max(0, lastRefresh + 1000 - Date.now()));
}

function heard(name, data) {
  if (name === "leads") {
    if (view?.onlyPact) return;
    for (const key of read(data).leads ?? []) changed.add(matching(key));
    refreshSoon();
    return;
  }
  if (shown !== "status") knownStatus.fetch().catch(() => {});
  if (name === "pact" || shown === "status") refreshSoon();
}

function read(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

const stream = listen({
  heard,
  up() {
    const was = lostAt;
    isLive = true;
    lostAt = null;
    drawShell();
    if (announcedLost) announce(say("Live again"));
    announcedLost = false;
    // What changed in between was not announced here.
    if (was !== null && known) {
      knownStatus.fetch().catch(() => {});
      refreshSoon();
    }
  },
  down() {
    isLive = false;
    if (lostAt === null) lostAt = Date.now();
    drawShell();
    setTimeout(drawShell, GRACE + 50);
  },
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  tick();
  if (!isLive) stream.again();
  if (missed) refreshSoon();
  missed = false;
});
addEventListener("online", () => stream.again());
setInterval(tick, TICK);
let beats = 0;
setInterval(() => {
  beats += 1;
  if (!document.hidden && view?.every && beats % view.every === 0) refresh();
}, 1000);

/** What the frame shows, as it is now. */
function drawShell() {
  const lost = !locked && lostAt !== null && Date.now() - lostAt >= GRACE;
  const refused = locked || shown === "status" ? null : known?.pact.refused;
  drawState({ pact: known?.pact, live: isLive, lostAt: lost ? lostAt : null, refused, again: () => stream.again() });
  if (lost && !announcedLost) {
    announcedLost = true;
    announce(say("Not live; trying again"));
  }
}

// --- A token -------------------------------------------------------------------------------------------------------

whenUnauthorized((had) => {
  if (locked) return;
  locked = true;
  view = null;
  drawShell();
  const input = h("input", { id: "token", type: "password", autocomplete: "current-password", spellcheck: "false", required: true, pattern: "\\s*[!-~]+\\s*", title: say("Letters, digits and signs of a token, without spaces between them"), "aria-describedby": "token-hint", "aria-invalid": had ? "true" : null });
  const form = h(
    "form",
    { class: "token", onsubmit: take },
    h("h1", { tabindex: "-1" }, say("A token, please")),
    h("p", { id: "token-hint" }, had ? h("strong", { class: "hot" }, say("This token was not accepted.")) : null, " ", say("This service shows its leads to those who hold a token. It is kept until you close this tab.")),
    h("label", { for: "token" }, say("Token")),
    h("div", { class: "row" }, input, h("button", { type: "submit", class: "first" }, say("Go on"))),
  );
  function take(event) {
    event.preventDefault();
    setToken(input.value.trim());
    restart();
  }
  document.title = `${say("Token")} · Leadpact`;
  main.replaceChildren(form);
  input.focus();
});

function restart() {
  locked = false;
  shown = "";
  known = null;
  drawShell();
  stream.drop();
  stream.again();
  begin();
}

// --- Keys ----------------------------------------------------------------------------------------------------------

document.getElementById("skip").onclick = (event) => {
  event.preventDefault();
  main.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.key === "Escape") return escape(event);
  const list = event.target.closest?.("[data-list]");
  if (!list || event.target.nodeName !== "A") return;
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(event.target);
  const across = list.matches(".flow");
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
    ...(across ? { ArrowRight: at + 1, ArrowLeft: at - 1 } : {}),
  }[event.key];
  if (to === undefined || !links[to]) return;
  event.preventDefault();
  links[to].focus();
});

/** Closes what is open around the focus, then the lead. */
function escape(event) {
  const open = event.target.closest?.("details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (event.target.matches?.("input, select")) event.target.blur();
  else view?.close?.();
}

/** Shows the view of the address, and again with the labels of things where those are late. */
async function begin(first = false) {
  knownStatus.fetch().catch(() => {});
  // Without labels names stand, and the view says what is the matter.
  const labels = fetchLabels().then(() => true, () => false);
  const inTime = await Promise.race([labels, new Promise((resolve) => setTimeout(resolve, LABELS, null))]);
  await show(first);
  if (inTime === null && await labels) {
    shown = "";
    await show();
  }
}

drawFrame();
begin(true);
