// The hot list: every lead, or those that some filters leave, the hottest first.
import { call } from "./api.js";
import { fill, h } from "./dom.js";
import { hotTable, noLeads } from "./hot.js";
import { Region, leadPath, leadsPath, number } from "./parts.js";

const PAGE = 50;
const FILTERS = ["stage", "owner", "team", "person", "queue", "score", "min"];

export function leads({ params, say, go }) {
  let filters = pick(params);
  let pages = 1;
  let choices = { stage: [], owner: [] };
  const seen = { team: new Set(), person: new Set(), queue: new Set(), score: new Set() };
  const list = new Region("section", { "aria-label": "Leads" });
  const form = h("form", { class: "filters", "aria-label": "Filters", onsubmit: apply, onchange: apply });
  const summary = h("summary");
  const details = h("details", { class: "filter-box" }, summary, form);
  details.open = matchMedia("(min-width: 48rem)").matches;
  drawForm();

  function apply(event) {
    event.preventDefault();
    const chosen = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    if (!chosen.score) delete chosen.min;
    const path = leadsPath(chosen);
    if (path !== leadsPath(filters)) go(path);
  }

  function drawForm() {
    const active = Object.entries(filters).filter(([name]) => name !== "min");
    fill(summary, active.length ? `Filters (${active.length})` : "Filters");
    fill(
      form,
      choice("stage", "Stage", choices.stage),
      choice("owner", "Owner", choices.owner),
      entry("team", "Team"),
      entry("person", "Person"),
      entry("queue", "Queue"),
      choice("score", "Score", [...seen.score].map((name) => [name, name])),
      field("min", "At least", h("input", { id: "f-min", name: "min", type: "number", step: "any", inputmode: "decimal", disabled: !filters.score })),
      active.length ? h("p", { class: "clear" }, h("a", { href: "#/leads" }, "Clear filters")) : null,
      h("button", { type: "submit", class: "unseen" }, "Apply filters"),
    );
    for (const name of FILTERS) {
      const control = form.elements[name];
      if (control !== document.activeElement) control.value = filters[name] ?? "";
    }
  }

  function choice(name, label, options) {
    const chosen = filters[name];
    const all = chosen && !options.some(([value]) => value === chosen) ? [...options, [chosen, chosen]] : options;
    return field(name, label, h("select", { id: `f-${name}`, name }, h("option", { value: "" }, "any"), all.map(([value, words]) => h("option", { value }, words))));
  }

  function entry(name, label) {
    return field(name, label, h("input", { id: `f-${name}`, name, type: "text", list: `l-${name}`, dir: "auto", autocomplete: "off", placeholder: "any" }), h("datalist", { id: `l-${name}` }, [...seen[name]].sort().map((value) => h("option", { value }))));
  }

  async function fetchPages() {
    const rows = [];
    let after;
    for (let page = 0; page < pages; page += 1) {
      const data = await call("v1/leads", { ...filters, limit: PAGE, after });
      rows.push(...data.leads);
      after = data.next;
      if (!after) break;
    }
    return { leads: rows, next: after };
  }

  async function load(changed) {
    const data = await list.load(fetchPages, (found) => draw(found, changed));
    if (!data) return null;
    for (const row of data.leads) {
      for (const name of ["team", "person", "queue"]) if (row[name]) seen[name].add(row[name]);
      for (const score of Object.keys(row.scores ?? {})) seen.score.add(score);
    }
    drawForm();
    return data;
  }

  function draw({ leads: rows, next }, changed) {
    const filtered = Object.keys(filters).length > 0;
    if (!rows.length) return filtered ? h("p", { class: "empty" }, "No lead is left by these filters. ", h("a", { href: "#/leads" }, "Clear filters")) : noLeads();
    return [
      hotTable({ caption: filtered ? "Leads that the filters leave, the hottest first" : "Leads, the hottest first", leads: rows, changed }),
      h(
        "p",
        { class: "foot" },
        h("span", { class: "quiet" }, next ? `The first ${number(rows.length)}` : rows.length === 1 ? "1 lead" : `All ${number(rows.length)} leads`),
        next ? h("button", { type: "button", onclick: more }, "Show more") : null,
      ),
    ];
  }

  async function more() {
    pages += 1;
    const data = await load();
    if (data) say(`${data.leads.length} leads shown`);
    else pages -= 1;
  }

  const jump = h("form", { class: "jump", onsubmit: open }, h("label", { for: "jump" }, "Open a lead by its key"), h("input", { id: "jump", name: "key", type: "text", dir: "auto", autocomplete: "off", spellcheck: "false" }), h("button", { type: "submit" }, "Open"));
  function open(event) {
    event.preventDefault();
    const key = new FormData(jump).get("key").trim();
    if (key) go(leadPath(key));
  }

  return {
    title: "Leads",
    node: h("div", { class: "leads" }, h("div", { class: "title-row" }, h("h1", { tabindex: "-1" }, "Leads"), jump), details, list.node),
    async refresh(changed) {
      const flow = call("v1/flow").then(({ pipelines }) => {
        const stages = pipelines.flatMap((pipeline) => pipeline.stages);
        choices = {
          stage: [...new Map(stages.map((stage) => [stage.name, stage.label ? `${stage.name}: ${stage.label}` : stage.name]))],
          owner: [...new Set(stages.map((stage) => stage.owner).filter(Boolean))].map((owner) => [owner, owner]),
        };
        drawForm();
      }, () => {});
      await Promise.all([load(changed), flow]);
    },
    async update(next) {
      filters = pick(next);
      pages = 1;
      drawForm();
      const data = await load();
      if (data) say(data.next ? `More than ${data.leads.length} leads` : data.leads.length === 1 ? "1 lead" : `${data.leads.length} leads`);
    },
  };
}

const pick = (params) => Object.fromEntries(FILTERS.map((name) => [name, params.get(name)]).filter(([, value]) => value));

const field = (name, label, ...controls) => h("div", { class: "field" }, h("label", { for: `f-${name}` }, label), controls);
