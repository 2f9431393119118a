// Status: whether the files on disk are in force, whether clocks keep up, and what could not be delivered.
import { call, setToken, token } from "./api.js";
import { fill, h } from "./dom.js";
import { Region, bdi, digest, leadLink, problem, table, withPlaces } from "./parts.js";
import { relative, span } from "./time.js";
import { number, say, tell } from "./words.js";

/** Clocks this far behind are worth a word. */
const BEHIND = 5;

export function status({ status: known, announce, restart }) {
  const state = new Region("div");
  const dead = new Region("section", { "aria-labelledby": "dead-title", hidden: true });
  const unsent = h("div");
  dead.node.prepend(h("h2", { id: "dead-title" }, say("Messages that could not be delivered")), unsent);
  const sent = new Set();
  let admin = false;

  async function refresh() {
    const data = await state.load(known.fetch, draw);
    if (!data) return;
    admin = data.roles?.includes("admin") ?? false;
    dead.node.hidden = data.outbox.dead === 0;
    if (dead.node.hidden) return;
    if (admin) await dead.load(() => call("v1/outbox", { state: "dead" }), drawDead);
    else await dead.load(async () => null, () => h("p", { class: "quiet" }, say("To see them and send them again takes a token with the role admin.")));
  }

  function drawDead({ items }) {
    if (!items.length) return h("p", { class: "empty" }, say("None."));
    return table({
      caption: say("Effects that could not be delivered, with the reason"),
      list: false,
      key: (item) => String(item.id),
      rows: items,
      columns: [
        { head: say("lead"), class: "c-lead", cell: leadLink },
        { head: say("effect"), class: "c-stage", cell: (item) => bdi(effectWords(item.effect)) },
        { head: say("receiver"), class: "c-with", cell: (item) => bdi(item.target) },
        { head: say("reason"), class: "c-words", cell: (item) => [bdi(item.why), h("span", { class: "note" }, say("{0} attempt | {0} attempts", item.attempts))] },
        { head: h("span", { class: "unseen" }, say("Send again")), class: "c-act", cell: resend },
      ],
    });
  }

  function resend(item) {
    if (sent.has(item.id)) return h("span", { class: "quiet" }, say("on its way"));
    return h("button", { type: "button", onclick: () => send(item), "aria-label": say("Send again: {0} for lead {1}", effectWords(item.effect), item.lead) }, say("Send again"));
  }

  async function send(item) {
    sent.add(item.id);
    fill(unsent);
    try {
      await call(`v1/outbox/${encodeURIComponent(item.id)}/resend`, {}, "POST");
      announce(say("Sent again for lead {0}", item.lead));
    } catch (error) {
      sent.delete(item.id);
      announce(say("Not sent: {0}", error.message));
      fill(unsent, problem(error));
    }
    await refresh();
    sent.delete(item.id);
  }

  function draw(data) {
    const { pact, due, outbox } = data;
    return [
      pact.refused ? refusal(pact) : h("p", { class: "lede" }, say("The files on disk are in force.")),
      h("h2", {}, say("Pact in force")),
      h(
        "dl",
        { class: "facts" },
        fact(say("name"), h("a", { href: "#/pact" }, bdi(pact.name)), pact.version ? [" ", bdi(pact.version)] : null),
        fact(say("since"), relative(pact.since)),
        fact(say("digest"), digest(pact.digest, true)),
        fact(say("reloads"), say("{0} taken, {1} refused", pact.taken, pact.refusals)),
      ),
      h("h2", {}, say("Service")),
      h(
        "dl",
        { class: "facts" },
        fact(say("leads"), number(data.leads)),
        fact(say("events"), number(data.events)),
        fact(say("clocks"), due.behind_seconds > BEHIND ? h("strong", { class: "hot" }, say("{0} behind", span(due.behind_seconds))) : say("on time")),
        fact(say("next due"), due.next ? relative(due.next) : say("nothing")),
        fact(say("messages out"), say("{0} waiting", outbox.pending), ", ", h(outbox.dead ? "strong" : "span", { class: outbox.dead ? "hot" : null }, say("{0} failed", outbox.dead))),
        fact("Leadpact", data.build),
        token() ? fact(say("Token"), h("button", { type: "button", class: "plain", onclick: forget }, say("Forget it"))) : null,
      ),
    ];
  }

  function forget() {
    setToken(null);
    restart();
  }

  return { title: say("Status"), node: h("div", { class: "status" }, h("h1", { tabindex: "-1" }, say("Status")), state.node, dead.node), refresh, every: 15 };
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
    h("p", { class: "lede", id: "refusal-title" }, h("strong", { class: "hot" }, say("The files on disk are not in force.")), " ", say("{0} finding | {0} findings", refused.findings), ", ", relative(refused.at), ". ", tell("{0} stays in force until they are mended.", bdi(`${name} ${version ?? ""}`.trim()))),
    h("pre", { tabindex: "0", role: "group", "aria-label": say("What was found, under its line"), lang: "en" }, refused.rendered.replace(/\s+$/, "").split("\n").map(drawn)),
  );
}

/** A line of a drawn finding: what points at the spot and what is wrong stand out from the lines around. */
function drawn(line) {
  const props = /^\s*[·•]\s/u.test(line) ? { class: "hot" } : /^\s*[×✖]\s|^[EWN]\d{4}$/u.test(line) ? { class: "head" } : /^\s*\d+ │/u.test(line) ? null : { class: "quiet" };
  return h("span", { class: "line", ...props }, /╭─\[/.test(line) ? withPlaces(line) : line, "\n");
}
