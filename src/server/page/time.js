// Instants in words. The service's clock counts, not the reader's; a wall time is shown in the zone of the pact, as it was sent.
import { h } from "./dom.js";
import { READ_AS, number, say } from "./words.js";

const DATE = { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" };
const dates = new Intl.DateTimeFormat(READ_AS, DATE);
const weekdays = new Intl.DateTimeFormat(READ_AS, { ...DATE, weekday: "short" });
const wholeDays = new Intl.NumberFormat(READ_AS, { style: "unit", unit: "day", unitDisplay: "long" });
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
  const hours = Math.floor(minutes / 60);
  if (hours < 6) return hoursAndMinutes(hours, minutes % 60);
  return hours < 48 ? hoursAndMinutes(hours, 0) : wholeDays.format(Math.floor(hours / 24));
}

/** "26 h 5 min": seconds in which a calendar is open make no days, since no desk is open all day. */
export function openSpan(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const hours = Math.floor(minutes / 60);
  return hoursAndMinutes(hours, hours < 6 ? minutes % 60 : 0);
}

function hoursAndMinutes(hours, minutes) {
  if (!hours && !minutes) return say("under a minute");
  return [hours ? `${number(hours)} ${say("h")}` : "", minutes ? `${minutes} ${say("min")}` : ""].filter(Boolean).join(" ");
}

/**
 * How late a promise is, in its own measure: open hours where it counts business time. Those go on only while a calendar is
 * open, so the service counts them, and the page asks again; other time goes on by itself.
 */
export function lateBy(breached, seconds, open) {
  if (!open || typeof seconds !== "number") return relative(breached, "due");
  const words = seconds < 60 ? say("due now") : say("{0} late", openSpan(seconds));
  return h("time", { datetime: breached, title: say("Since {0}, in open hours", exact(breached)), "data-state": "late" }, words, " ", h("span", { class: "note" }, say("open hours")));
}

const WORDS = {
  /** For what has to happen by then. */
  due(seconds) {
    if (Math.abs(seconds) < 60) return say("due now");
    return seconds > 0 ? say("in {0}", span(seconds)) : say("{0} late", span(seconds));
  },
  /** For what happened, or will. */
  when(seconds) {
    if (Math.abs(seconds) < 60) return seconds > 5 ? say("in a moment") : say("just now");
    return seconds > 0 ? say("in {0}", span(seconds)) : say("{0} ago", span(seconds));
  },
};

function parts(instant) {
  const found = INSTANT.exec(instant);
  if (!found) return null;
  const [year, month, day] = found.slice(1, 4).map(Number);
  return { day: new Date(Date.UTC(year, month - 1, day)), clock: `${found[4]}:${found[5]}`, offset: found[6] === "Z" ? "UTC" : found[6] ?? "" };
}

/** "Mon 2 Mar 2026, 13:00 +03:00" */
export function exact(instant) {
  const at = parts(instant);
  return at ? `${dayOf(instant)}, ${at.clock} ${at.offset}`.trim() : String(instant);
}

/** "Mon 2 Mar 2026" */
export function dayOf(instant) {
  const at = parts(instant);
  return at ? weekdays.format(at.day) : String(instant);
}

/** Words with instants such as `2026-03-02 13:00` as people write them: "2 Mar 2026, 13:00". */
export const readable = (text) => text.replace(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)?\b/g, (_, day, clock) => {
  const at = parts(`${day} ${clock}`);
  return `${dates.format(at.day)}, ${at.clock}`;
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
