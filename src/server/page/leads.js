// The hot list: every lead, or those that some filters leave, the hottest first.
import { call } from "./api.js";
import { fill, h } from "./dom.js";
import { hotTable, noLeads } from "./hot.js";
import { adds, named } from "./names.js";
import { Region, bdi, leadsPath } from "./parts.js";
import { number, say, tell } from "./words.js";

const PAGE = 50;
/** How many leads a search finds at most. */
const MOST = 500;
const FILTERS = ["find", "pipeline", "stage", "open", "owner", "team", "person", "queue", "score", "min"];

export function leads({ params, announce, go, status }) {
  let filters = pick(params);
  let pages = 1;
  let choices = { pipeline: [], stage: [], owner: [], score: [] };
  const seen = { team: new Set(), person: new Set(), queue: new Set() };
  const list = new Region("section", { "aria-label": say("Leads") });
  const form = h("form", { class: "filters", "aria-label": say("Filters"), onsubmit: apply, onchange: apply });
  const summary = h("summary");
  const details = h("details", { class: "filter-box" }, summary, form);
  details.open = matchMedia("(min-width: 48rem)").matches;
  const jump = h("form", { class: "jump", role: "search", onsubmit: find }, h("label", { for: "jump" }, say("Find by name, address, phone, company or id")), h("input", { id: "jump", name: "find", type: "search", dir: "auto", autocomplete: "off", spellcheck: "false" }), h("button", { type: "submit" }, say("Find")));
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
    fill(summary, active.length ? say("Filters ({0})", active.length) : say("Filters"));
    fill(
      form,
      choices.pipeline.length > 1 || filters.pipeline ? choice("pipeline", say("pipeline"), choices.pipeline) : null,
      choice("stage", say("stage"), choices.stage),
      choice("open", say("ended ones"), [["true", say("left out")]], say("shown")),
      choice("owner", say("owner"), choices.owner),
      entry("team", say("team")),
      entry("person", say("person")),
      entry("queue", say("queue")),
      choices.score.length ? choice("score", say("hottest by"), choices.score, null) : null,
      choices.score.length ? field("min", say("at least"), h("input", { id: "f-min", name: "min", type: "number", step: "any", inputmode: "decimal", placeholder: say("any") })) : null,
      active.length ? h("p", { class: "clear" }, h("a", { href: leadsPath({ find: filters.find }) }, say("Clear filters"))) : null,
      h("button", { type: "submit", class: "unseen" }, say("Apply filters")),
    );
    for (const name of FILTERS) {
      const control = form.elements[name];
      if (control && control !== document.activeElement) control.value = filters[name] ?? (name === "score" ? choices.score[0]?.[0] : "");
    }
  }

  /** A list to choose from; `none` is what stands for no choice, where there may be none. */
  function choice(name, label, options, none = say("any")) {
    const chosen = filters[name];
    const all = chosen && !options.some(([value]) => value === chosen) ? [...options, [chosen, chosen]] : options;
    return field(name, label, h("select", { id: `f-${name}`, name }, none ? h("option", { value: "" }, none) : null, all.map(([value, text]) => h("option", { value }, text))));
  }

  function entry(name, label) {
    return field(name, label, h("input", { id: `f-${name}`, name, type: "text", list: `l-${name}`, dir: "auto", autocomplete: "off", placeholder: say("any") }), h("datalist", { id: `l-${name}` }, [...seen[name]].sort().map((value) => h("option", { value }))));
  }

  /** What the pact in force has to choose from. */
  async function fetchChoices() {
    const { pipelines, scores } = await call("v1/flow");
    const stages = pipelines.filter(({ name }) => !filters.pipeline || name === filters.pipeline).flatMap((pipeline) => pipeline.stages);
    choices = {
      pipeline: pipelines.map(({ name }) => [name, named(name)]),
      stage: [...new Map(stages.map(({ name, label }) => [name, adds(label, name) ? `${named(name)}: ${label}` : named(name)]))],
      owner: [...new Set(stages.map((stage) => stage.owner).filter(Boolean))].map((owner) => [owner, named(owner)]),
      score: scores.map((name) => [name, named(name)]),
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
    if (filters.find && found === 0) return h("p", { class: "empty" }, tell("No lead is found by {0}.", bdi(filters.find)), " ", say("Each word is looked for at the beginning of a word."), " ", h("a", { href: "#/leads" }, say("All leads")));
    if (!rows.length) return filtered ? h("p", { class: "empty" }, say("No lead is left by these filters."), " ", h("a", { href: leadsPath({ find: filters.find }) }, say("Clear filters"))) : noLeads(pact);
    const which = filters.find ? say("Leads found by “{0}”", filters.find) : filtered ? say("Leads that the filters leave") : say("Leads");
    return [
      found === MOST ? h("p", { class: "quiet" }, say("{0} leads or more are found: these are among the first {0}. Another word finds fewer.", number(MOST))) : null,
      hotTable({ caption: score ? say("{0}, the most {1} first", which, named(score)) : which, leads: rows, changed, by: score }),
      h(
        "p",
        { class: "foot" },
        h("span", { class: "quiet" }, next ? say("The first {0}", rows.length) : say("{0} lead | All {0} leads", rows.length)),
        next ? h("button", { type: "button", onclick: more }, say("Show more")) : null,
      ),
    ];
  }

  async function more() {
    pages += 1;
    const data = await load();
    if (data) announce(say("{0} lead shown | {0} leads shown", data.leads.length));
    else pages -= 1;
  }

  return {
    title: say("Leads"),
    node: h("div", { class: "leads" }, h("div", { class: "title-row" }, h("h1", { tabindex: "-1" }, say("Leads")), jump), details, list.node),
    async refresh(changed) {
      await load(changed);
    },
    async update(next) {
      filters = pick(next);
      pages = 1;
      drawForm();
      const data = await load();
      if (data) announce(data.next ? say("More than {0} leads", data.leads.length) : say("{0} lead | {0} leads", data.leads.length));
    },
  };
}

const pick = (params) => Object.fromEntries(FILTERS.map((name) => [name, params.get(name)]).filter(([, value]) => value));

const field = (name, label, ...controls) => h("div", { class: "field" }, h("label", { for: `f-${name}` }, label), controls);
