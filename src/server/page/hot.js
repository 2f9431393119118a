// Leads as rows, hottest first, and what to do while there are none.
import { token } from "./api.js";
import { h } from "./dom.js";
import { code, holder, leadLink, number, said, table } from "./parts.js";
import { relative } from "./time.js";

/** Leads as rows, with a column for each score. A compact one has fewer columns. */
export function hotTable({ caption, leads: rows, changed, compact = false }) {
  const scores = [...new Set(rows.flatMap((row) => Object.keys(row.scores ?? {})))];
  return table({
    caption,
    rows,
    key: (row) => row.lead,
    fresh: (row) => changed?.has(row.lead),
    columns: [
      { head: "Lead", class: "c-lead", cell: leadLink },
      { head: "Next due", class: "c-due", cell: (row) => (row.next_due ? relative(row.next_due, "due") : h("span", { class: "quiet" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "unseen" }, "nothing due"))) },
      { head: "Stage", class: "c-stage", cell: (row) => [stage(row), compact ? [" ", h("span", { class: "note" }, holder(row))] : null] },
      ...(compact ? [] : [
        { head: "Owner", class: "c-owner", cell: (row) => (row.owner ? said(row.owner) : "") },
        { head: "With", class: "c-with", cell: holder },
      ]),
      ...scores.map((score) => ({ head: score, class: "num", cell: (row) => number(row.scores?.[score]) })),
    ],
  });
}

const stage = (row) => (row.stage ? said(row.stage) : h("span", { class: "quiet" }, "none"));

/** What to do when nothing was told yet. */
export function noLeads() {
  const key = token() ? " \\\n  -H \"Authorization: Bearer $TOKEN\"" : "";
  const event = JSON.stringify({ lead: "00Q1", at: new Date().toISOString().slice(0, 19) + "Z", event: "record", name: "Ayşe İnce" });
  const url = new URL("v1/events", document.baseURI);
  return h(
    "div",
    { class: "empty" },
    h("p", {}, h("strong", {}, "No leads yet."), " Tell the service of one, and it shows up here at once:"),
    h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, `curl -X POST ${url}${key} \\\n  -H "Content-Type: application/json" \\\n  -d '${event}'`),
    h("p", { class: "quiet" }, "A file of events, one a line, goes the same way with ", code("Content-Type: application/x-ndjson"), " and ", code("--data-binary @events.ndjson"), "."),
  );
}
