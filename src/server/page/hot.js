// Leads as rows, hottest first, and what to do while there are none.
import { token } from "./api.js";
import { h } from "./dom.js";
import { named } from "./names.js";
import { assignee, bdi, leadLink, matching, table } from "./parts.js";
import { relative } from "./time.js";
import { number, say } from "./words.js";

/** Leads as rows, with a column for each score, `by` first. A compact one has fewer columns. */
export function hotTable({ caption, leads: rows, changed, compact = false, by }) {
  // what orders the rows stands first
  const scores = [...new Set([...(by ? [by] : []), ...rows.flatMap((row) => Object.keys(row.scores ?? {}))])];
  const bands = [...new Set(rows.flatMap((row) => Object.keys(row.bands ?? {})))];
  return table({
    caption,
    rows,
    key: (row) => row.lead,
    fresh: (row) => changed?.has(matching(row.lead)),
    columns: [
      { head: say("lead"), class: "c-lead", cell: leadLink },
      { head: say("next change"), class: "c-due", cell: (row) => (row.next_due ? relative(row.next_due) : h("span", { class: "quiet" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "unseen" }, say("none by time alone")))) },
      { head: say("stage"), class: "c-stage", cell: (row) => [stage(row), compact ? [" ", h("span", { class: "note" }, assignee(row))] : null] },
      ...(compact ? [] : [
        { head: say("owner"), class: "c-owner", cell: (row) => (row.owner ? bdi(named(row.owner)) : "") },
        { head: say("with"), class: "c-with", cell: assignee },
      ]),
      ...scores.map((score) => ({ head: named(score), class: "num", cell: (row) => number(row.scores?.[score]) })),
      ...bands.map((band) => ({ head: named(band), class: "c-band", cell: (row) => (row.bands?.[band] ? bdi(named(row.bands[band])) : "") })),
    ],
  });
}

const stage = (row) => (row.stage ? [bdi(named(row.stage)), row.resting ? h("span", { class: "quiet" }, ", ", say("resting")) : null] : h("span", { class: "quiet" }, say("none")));

/** Where `leadpact feed` sends events when it is given no address. */
const USUAL = "http://127.0.0.1:7878/";

/** What to do when there is no event yet. `pact` is the name of the one in force. */
export function noLeads(pact) {
  const here = new URL(".", document.baseURI).href;
  const file = pact === "acme" ? "rules/acme/events.ndjson" : "events.ndjson";
  const feed = ["leadpact feed", file, here === USUAL ? "" : `--to ${here.replace(/\/$/, "")}`, token() ? "--token $TOKEN" : ""];
  const event = JSON.stringify({ lead: "00Q1", at: `${new Date().toISOString().slice(0, 19)}Z`, event: "record" });
  const post = [`curl ${new URL("v1/events", here)}`, token() ? '-H "Authorization: Bearer $TOKEN"' : "", '-H "Content-Type: application/json"', `-d '${event}'`];
  return h(
    "div",
    { class: "empty" },
    h("p", {}, h("strong", {}, say("No leads yet.")), " ", say("Send events from a terminal, and they show up here at once:")),
    command(feed.filter(Boolean).join(" ")),
    h("details", {}, h("summary", {}, say("Or send a single event")), command(post.filter(Boolean).join(" \\\n  "))),
  );
}

const command = (text) => h("pre", { tabindex: "0", role: "group", "aria-label": say("Command") }, text);
