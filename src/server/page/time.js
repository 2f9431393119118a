// Instants in words. The service's clock counts, not the reader's; a wall time is shown in the zone of the pact, as it was sent.
import { h } from "./dom.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const INSTANT = /^(\d{4,})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?/;

let ahead = 0;

/** What the service says the time is. */
export function setNow(instant) {
  const difference = Date.parse(instant) - Date.now();
  if (Number.isFinite(difference)) ahead = Math.abs(difference) < 2000 ? 0 : difference;
}

export const now = () => Date.now() + ahead;

export const secondsTo = (instant) => (Date.parse(instant) - now()) / 1000;

/** "2 h 5 min" of a number of seconds: two units while the first is small, then one. */
export function span(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 6) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** "26 h 5 min": seconds in which a calendar is open make no days, since no desk is open all day. */
export function openSpan(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes < 60) return minutes < 1 ? "under a minute" : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 && hours < 6 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

/**
 * How late a promise is, in its own measure: open hours where it counts business time. Those go on only while a calendar is
 * open, so the service counts them, and the page asks again; other time goes on by itself.
 */
export function lateBy(breached, seconds, open) {
  if (!open || typeof seconds !== "number") return relative(breached, "due");
  const words = seconds < 60 ? "due now" : `${openSpan(seconds)} late`;
  return h("time", { datetime: breached, title: `Since ${exact(breached)}, in open hours`, "data-state": "late" }, words, " ", h("span", { class: "note" }, "open hours"));
}

const WORDS = {
  /** For what has to happen by then. */
  due(seconds) {
    if (Math.abs(seconds) < 60) return "due now";
    return seconds > 0 ? `in ${span(seconds)}` : `${span(seconds)} late`;
  },
  /** For what happened, or will. */
  when(seconds) {
    if (Math.abs(seconds) < 60) return seconds > 5 ? "in a moment" : "just now";
    return seconds > 0 ? `in ${span(seconds)}` : `${span(seconds)} ago`;
  },
};

function parts(instant) {
  const found = INSTANT.exec(instant);
  if (!found) return null;
  const [year, month, day] = found.slice(1, 4).map(Number);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return { year, month: MONTHS[month - 1], day, weekday, clock: `${found[4]}:${found[5]}`, offset: found[6] === "Z" ? "UTC" : found[6] ?? "" };
}

/** "Mon 2 Mar 2026, 13:00 +03:00" */
export function exact(instant) {
  const at = parts(instant);
  return at ? `${dayOf(instant)}, ${at.clock} ${at.offset}`.trim() : String(instant);
}

/** "Mon 2 Mar 2026" */
export function dayOf(instant) {
  const at = parts(instant);
  return at ? `${at.weekday} ${at.day} ${at.month} ${at.year}` : String(instant);
}

/** Words with instants such as `2026-03-02 13:00` as people write them: "2 Mar 2026, 13:00". */
export const readable = (text) => text.replace(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)?\b/g, (_, day, clock) => {
  const at = parts(`${day} ${clock}`);
  return `${at.day} ${at.month} ${at.year}, ${at.clock}`;
});

/** "13:00" */
export const clockOf = (instant) => parts(instant)?.clock ?? String(instant);

/** "14:02", of an instant of this machine. */
export const localClock = (millis) => new Date(millis).toTimeString().slice(0, 5);

/** A `<time>` that says how far away it is, and goes on saying it. */
export function relative(instant, kind = "when", props = {}) {
  return h("time", { datetime: instant, title: exact(instant), "data-relative": kind, ...state(instant, kind), ...props }, WORDS[kind](secondsTo(instant)));
}

/** A `<time>` that says the wall time. */
export const wall = (instant) => h("time", { datetime: instant, title: exact(instant) }, clockOf(instant));

function state(instant, kind) {
  const seconds = secondsTo(instant);
  return { "data-state": kind !== "due" ? null : seconds <= -60 ? "late" : seconds < 3600 ? "soon" : null };
}

/** Brings every relative time on the page up to now. */
export function tick() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const { relative: kind } = time.dataset;
    const words = WORDS[kind](secondsTo(time.dateTime));
    if (time.textContent !== words) time.textContent = words;
    const now = state(time.dateTime, kind)["data-state"];
    if (now) time.dataset.state = now;
    else delete time.dataset.state;
  }
}
