// Leads as rows, hottest first, and what to do while there are none.
import { token } from "./api.js";
import { h } from "./dom.js";
import { assignee, bdi, leadLink, matching, number, table, words } from "./parts.js";
import { relative } from "./time.js";

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
      { head: "Lead", class: "c-lead", cell: leadLink },
      { head: "Next change", class: "c-due", cell: (row) => (row.next_due ? relative(row.next_due) : h("span", { class: "quiet" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "unseen" }, "none by time alone"))) },
      { head: "Stage", class: "c-stage", cell: (row) => [stage(row), compact ? [" ", h("span", { class: "note" }, assignee(row))] : null] },
      ...(compact ? [] : [
        { head: "Owner", class: "c-owner", cell: (row) => (row.owner ? bdi(row.owner) : "") },
        { head: "With", class: "c-with", cell: assignee },
      ]),
      ...scores.map((score) => ({ head: words(score), class: "num", cell: (row) => number(row.scores?.[score]) })),
      ...bands.map((band) => ({ head: words(band), class: "c-band", cell: (row) => (row.bands?.[band] ? bdi(words(row.bands[band])) : "") })),
    ],
  });
}

const stage = (row) => (row.stage ? [bdi(words(row.stage)), row.resting ? h("span", { class: "quiet" }, ", resting") : null] : h("span", { class: "quiet" }, "none"));

/** Where `leadpact feed` sends events when it is given no address. */
const USUAL = "http://127.0.0.1:7878/";

/** What to do when there is no event yet. `pact` is the name of the one in force. */
export function noLeads(pact) {
  const here = document.baseURI.split("#")[0];
  const file = pact === "acme" ? "rules/acme/events.ndjson" : "events.ndjson";
  const feed = ["leadpact feed", file, here === USUAL ? "" : `--to ${here.replace(/\/$/, "")}`, token() ? "--token $TOKEN" : ""];
  const event = JSON.stringify({ lead: "00Q1", at: `${new Date().toISOString().slice(0, 19)}Z`, event: "record" });
  const post = [`curl ${new URL("v1/events", here)}`, token() ? '-H "Authorization: Bearer $TOKEN"' : "", '-H "Content-Type: application/json"', `-d '${event}'`];
  return h(
    "div",
    { class: "empty" },
    h("p", {}, h("strong", {}, "No leads yet."), " Send events from a terminal, and they show up here at once:"),
    command(feed.filter(Boolean).join(" ")),
    h("details", {}, h("summary", {}, "Or send a single event"), command(post.filter(Boolean).join(" \\\n  "))),
  );
}

const command = (text) => h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text);
