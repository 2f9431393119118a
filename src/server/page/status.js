// Status: whether the files on disk are in force, whether clocks keep up, and what could not be delivered.
import { call, setToken, token } from "./api.js";
import { fill, h } from "./dom.js";
import { Region, bdi, digest, leadLink, number, plural, problem, table, withPlaces } from "./parts.js";
import { relative, span } from "./time.js";

/** Clocks this far behind are worth a word. */
const BEHIND = 5;

export function status({ status: known, say, restart }) {
  const state = new Region("div");
  const dead = new Region("section", { "aria-labelledby": "dead-title", hidden: true });
  const unsent = h("div");
  dead.node.prepend(h("h2", { id: "dead-title" }, "Messages that could not be delivered"), unsent);
  const sent = new Set();
  let admin = false;

  async function refresh() {
    const data = await state.load(known.fetch, draw);
    if (!data) return;
    admin = data.roles?.includes("admin") ?? false;
    dead.node.hidden = data.outbox.dead === 0;
    if (dead.node.hidden) return;
    if (admin) await dead.load(() => call("v1/outbox", { state: "dead" }), drawDead);
    else await dead.load(async () => null, () => h("p", { class: "quiet" }, "To see them and send them again takes a token with the role admin."));
  }

  function drawDead({ items }) {
    if (!items.length) return h("p", { class: "empty" }, "None.");
    return table({
      caption: "Effects that could not be delivered, with the reason",
      list: false,
      key: (item) => String(item.id),
      rows: items,
      columns: [
        { head: "Lead", class: "c-lead", cell: leadLink },
        { head: "Effect", class: "c-stage", cell: (item) => bdi(effectWords(item.effect)) },
        { head: "To", class: "c-with", cell: (item) => bdi(item.target) },
        { head: "Why", class: "c-words", cell: (item) => [bdi(item.why), h("span", { class: "note" }, plural(item.attempts, "attempt"))] },
        { head: h("span", { class: "unseen" }, "Send again"), class: "c-act", cell: resend },
      ],
    });
  }

  function resend(item) {
    if (sent.has(item.id)) return h("span", { class: "quiet" }, "on its way");
    return h("button", { type: "button", onclick: () => send(item), "aria-label": `Send again: ${effectWords(item.effect)} for lead ${item.lead}` }, "Send again");
  }

  async function send(item) {
    sent.add(item.id);
    fill(unsent);
    try {
      await call(`v1/outbox/${encodeURIComponent(item.id)}/resend`, {}, "POST");
      say(`Sent again for lead ${item.lead}`);
    } catch (error) {
      sent.delete(item.id);
      say(`Not sent: ${error.message}`);
      fill(unsent, problem(error));
    }
    await refresh();
    sent.delete(item.id);
  }

  function draw(data) {
    const { pact, due, outbox } = data;
    return [
      pact.refused ? refusal(pact) : h("p", { class: "lede" }, "The files on disk are in force."),
      h("h2", {}, "Pact in force"),
      h(
        "dl",
        { class: "facts" },
        fact("Name", h("a", { href: "#/pact" }, bdi(pact.name)), pact.version ? [" ", bdi(pact.version)] : null),
        fact("Since", relative(pact.since)),
        fact("Digest", digest(pact.digest, true)),
        fact("Reloads", `${number(pact.taken)} taken, ${pact.refusals ? number(pact.refusals) : "none"} refused`),
      ),
      h("h2", {}, "Service"),
      h(
        "dl",
        { class: "facts" },
        fact("Leads", number(data.leads)),
        fact("Events", number(data.events)),
        fact("Clocks", due.behind_seconds > BEHIND ? h("strong", { class: "hot" }, `${span(due.behind_seconds)} behind`) : "on time"),
        fact("Next due", due.next ? relative(due.next) : "nothing"),
        fact("Messages out", `${outbox.pending ? number(outbox.pending) : "none"} waiting, `, outbox.dead ? h("strong", { class: "hot" }, `${number(outbox.dead)} failed`) : "none failed"),
        fact("Leadpact", data.build),
        token() ? fact("Token", h("button", { type: "button", class: "plain", onclick: forget }, "Forget it")) : null,
      ),
    ];
  }

  function forget() {
    setToken(null);
    restart();
  }

  return { title: "Status", node: h("div", { class: "status" }, h("h1", { tabindex: "-1" }, "Status"), state.node, dead.node), refresh, every: 15 };
}

const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

/** "alert assignee" of an effect that comes as a word or as an object. */
function effectWords(effect) {
  if (typeof effect !== "object" || effect === null) return String(effect ?? "");
  const { kind, ...rest } = effect;
  return [kind, ...Object.values(rest).filter((value) => typeof value === "string")].join(" ");
}

function refusal({ refused, name, version }) {
  return h(
    "section",
    { class: "refusal", "aria-labelledby": "refusal-title" },
    h("p", { class: "lede", id: "refusal-title" }, h("strong", { class: "hot" }, "The files on disk are not in force."), " ", plural(refused.findings, "finding"), ", ", relative(refused.at), ". ", bdi(`${name} ${version ?? ""}`.trim()), " stays in force until they are mended."),
    h("pre", { tabindex: "0", role: "group", "aria-label": "What was found, under its line" }, refused.rendered.replace(/\s+$/, "").split("\n").map(drawn)),
  );
}

/** A line of a drawn finding: what points at the spot and what is wrong stand out from the lines around. */
function drawn(line) {
  const props = /^\s*[·•]\s/u.test(line) ? { class: "hot" } : /^\s*[×✖]\s|^[EWN]\d{4}$/u.test(line) ? { class: "head" } : /^\s*\d+ │/u.test(line) ? null : { class: "quiet" };
  return h("span", { class: "line", ...props }, /╭─\[/.test(line) ? withPlaces(line) : line, "\n");
}
