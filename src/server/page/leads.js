// The hot list: every lead, or those that some filters leave, the hottest first.
import { call } from "./api.js";
import { fill, h } from "./dom.js";
import { hotTable, noLeads } from "./hot.js";
import { Region, bdi, leadsPath, number, plural, adds, words } from "./parts.js";

const PAGE = 50;
/** How many leads a search finds at most. */
const MOST = 500;
const FILTERS = ["find", "pipeline", "stage", "open", "owner", "team", "person", "queue", "score", "min"];

export function leads({ params, say, go, status }) {
  let filters = pick(params);
  let pages = 1;
  let choices = { pipeline: [], stage: [], owner: [], score: [] };
  const seen = { team: new Set(), person: new Set(), queue: new Set() };
  const list = new Region("section", { "aria-label": "Leads" });
  const form = h("form", { class: "filters", "aria-label": "Filters", onsubmit: apply, onchange: apply });
  const summary = h("summary");
  const details = h("details", { class: "filter-box" }, summary, form);
  details.open = matchMedia("(min-width: 48rem)").matches;
  const jump = h("form", { class: "jump", role: "search", onsubmit: find }, h("label", { for: "jump" }, "Find by name, address, phone, company or id"), h("input", { id: "jump", name: "find", type: "search", dir: "auto", autocomplete: "off", spellcheck: "false" }), h("button", { type: "submit" }, "Find"));
  drawForm();

  function apply(event) {
    event.preventDefault();
    const chosen = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    // what orders the list when nothing is chosen needs no word
    if (chosen.score === choices.score[0]?.[0] && !chosen.min) delete chosen.score;
    const path = leadsPath({ find: filters.find, ...chosen });
    if (path !== leadsPath(filters)) go(path);
  }

  /** What is looked for is looked for among all leads. */
  function find(event) {
    event.preventDefault();
    const path = leadsPath({ find: jump.elements.find.value.trim() });
    if (path !== leadsPath(filters)) go(path);
  }

  function drawForm() {
    const active = Object.keys(filters).filter((name) => !["score", "find"].includes(name));
    if (jump.elements.find !== document.activeElement) jump.elements.find.value = filters.find ?? "";
    fill(summary, active.length ? `Filters (${active.length})` : "Filters");
    fill(
      form,
      choices.pipeline.length > 1 || filters.pipeline ? choice("pipeline", "Pipeline", choices.pipeline) : null,
      choice("stage", "Stage", choices.stage),
      choice("open", "Ended ones", [["true", "left out"]], "shown"),
      choice("owner", "Owner", choices.owner),
      entry("team", "Team"),
      entry("person", "Person"),
      entry("queue", "Queue"),
      choices.score.length ? choice("score", "Hottest by", choices.score, null) : null,
      choices.score.length ? field("min", "At least", h("input", { id: "f-min", name: "min", type: "number", step: "any", inputmode: "decimal", placeholder: "any" })) : null,
      active.length ? h("p", { class: "clear" }, h("a", { href: leadsPath({ find: filters.find }) }, "Clear filters")) : null,
      h("button", { type: "submit", class: "unseen" }, "Apply filters"),
    );
    for (const name of FILTERS) {
      const control = form.elements[name];
      if (control && control !== document.activeElement) control.value = filters[name] ?? (name === "score" ? choices.score[0]?.[0] : "");
    }
  }

  /** A list to choose from; `none` is what stands for no choice, where there may be none. */
  function choice(name, label, options, none = "any") {
    const chosen = filters[name];
    const all = chosen && !options.some(([value]) => value === chosen) ? [...options, [chosen, chosen]] : options;
    return field(name, label, h("select", { id: `f-${name}`, name }, none ? h("option", { value: "" }, none) : null, all.map(([value, text]) => h("option", { value }, text))));
  }

  function entry(name, label) {
    return field(name, label, h("input", { id: `f-${name}`, name, type: "text", list: `l-${name}`, dir: "auto", autocomplete: "off", placeholder: "any" }), h("datalist", { id: `l-${name}` }, [...seen[name]].sort().map((value) => h("option", { value }))));
  }

  /** What the pact in force has to choose from. */
  async function fetchChoices() {
    const { pipelines, scores } = await call("v1/flow");
    const stages = pipelines.filter(({ name }) => !filters.pipeline || name === filters.pipeline).flatMap((pipeline) => pipeline.stages);
    choices = {
      pipeline: pipelines.map(({ name }) => [name, words(name)]),
      stage: [...new Map(stages.map(({ name, label }) => [name, adds(label, name) ? `${words(name)}: ${label}` : words(name)]))],
      owner: [...new Set(stages.map((stage) => stage.owner).filter(Boolean))].map((owner) => [owner, owner]),
      score: scores.map((name) => [name, words(name)]),
    };
    drawForm();
  }

  async function fetchPages() {
    await fetchChoices();
    const rows = [];
    let after, found;
    const score = filters.score ?? choices.score[0]?.[0];
    for (let page = 0; page < pages; page += 1) {
      const data = await call("v1/leads", { ...filters, score, limit: PAGE, after });
      rows.push(...data.leads);
      after = data.next;
      found = data.found;
      if (!after) break;
    }
    const { pact } = rows.length ? {} : await status.known();
    return { leads: rows, next: after, found, score, pact: pact?.name };
  }

  async function load(changed) {
    const data = await list.load(fetchPages, (found) => draw(found, changed));
    if (!data) return null;
    for (const row of data.leads) {
      for (const name of ["team", "person", "queue"]) if (row[name]) seen[name].add(row[name]);
    }
    drawForm();
    return data;
  }

  function draw({ leads: rows, next, found, score, pact }, changed) {
    const filtered = Object.keys(filters).some((name) => name !== "score");
    if (filters.find && found === 0) return h("p", { class: "empty" }, "No lead is found by ", bdi(filters.find), ". Each word is looked for at the beginning of a word. ", h("a", { href: "#/leads" }, "All leads"));
    if (!rows.length) return filtered ? h("p", { class: "empty" }, "No lead is left by these filters. ", h("a", { href: leadsPath({ find: filters.find }) }, "Clear filters")) : noLeads(pact);
    const which = filters.find ? `Leads found by “${filters.find}”` : filtered ? "Leads that the filters leave" : "Leads";
    return [
      found === MOST ? h("p", { class: "quiet" }, `${number(MOST)} leads or more are found: these are among the first ${number(MOST)}. Another word finds fewer.`) : null,
      hotTable({ caption: score ? `${which}, the most ${words(score)} first` : which, leads: rows, changed, by: score }),
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

  return {
    title: "Leads",
    node: h("div", { class: "leads" }, h("div", { class: "title-row" }, h("h1", { tabindex: "-1" }, "Leads"), jump), details, list.node),
    async refresh(changed) {
      await load(changed);
    },
    async update(next) {
      filters = pick(next);
      pages = 1;
      drawForm();
      const data = await load();
      if (data) say(data.next ? `More than ${plural(data.leads.length, "lead")}` : plural(data.leads.length, "lead"));
    },
  };
}

const pick = (params) => Object.fromEntries(FILTERS.map((name) => [name, params.get(name)]).filter(([, value]) => value));

const field = (name, label, ...controls) => h("div", { class: "field" }, h("label", { for: `f-${name}` }, label), controls);
