// The service: one call for data, one stream of what changed.
import { say } from "./words.js";

const KEY = "leadpact.token";
const PATIENCE = 20_000; // of a call
const SILENCE = 40_000; // the stream says something every 15 s

/** What went wrong, as the service put it or as near as can be known. */
export class Problem extends Error {
  constructor({ title, detail, status = 0 }) {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { title, detail, status });
  }
}

let stored = null;
try {
  stored = sessionStorage.getItem(KEY);
} catch {
  // A browser that stores nothing asks again after a reload.
}

export const token = () => stored;

export function setToken(value) {
  stored = value || null;
  try {
    if (stored) sessionStorage.setItem(KEY, stored);
    else sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

let refused = () => {};

/** Calls `then` when the service wants a token, or another one. */
export function whenUnauthorized(then) {
  refused = then;
}

const headers = (accept) => (stored ? { accept, authorization: `Bearer ${stored}` } : { accept });

/** JSON from a path such as `v1/status`, with what is set of `query`. */
export async function call(path, query = {}, method = "GET") {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  const url = search.size ? `${path}?${search}` : path;
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), PATIENCE);
  const sent = stored;
  try {
    const response = await fetch(url, { method, headers: headers("application/json"), cache: "no-store", signal: aborter.signal });
    if (response.ok) return response.status === 204 ? null : await response.json().catch(() => null);
    if (response.status === 401 && sent === stored) refused(Boolean(sent));
    throw await problem(response);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const detail = aborter.signal.aborted ? say("No answer within {0} seconds.", PATIENCE / 1000) : say("The connection failed.");
    throw new Problem({ title: say("The service does not answer"), detail });
  } finally {
    clearTimeout(timer);
  }
}

async function problem(response) {
  const answer = await response.json().catch(() => ({}));
  return new Problem({
    title: answer?.title || say("The service answered {0}", `${response.status} ${response.statusText}`.trim()),
    detail: answer?.detail || "",
    status: response.status,
  });
}

/**
 * Listens to `v1/live` for as long as the page is open, and comes back after every loss.
 * `heard(name, data)` is an event, `up()` a connection that is open, `down()` one that was lost.
 */
export function listen({ heard, up, down }) {
  let aborter = null;
  let wake = () => {};
  let stopped = false;
  let tries = 0;

  async function once() {
    aborter = new AbortController();
    let watchdog = 0;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => aborter.abort(), SILENCE);
    };
    try {
      alive();
      const sent = stored;
      const response = await fetch("v1/live", { headers: headers("text/event-stream"), cache: "no-store", signal: aborter.signal });
      if (response.status === 401 && sent === stored) {
        stopped = true;
        refused(Boolean(sent));
      }
      if (!response.ok || !response.body) return;
      tries = 0;
      up();
      const take = parser(heard);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        alive();
        take(value);
      }
    } catch {
      // Lost; the loop tries again.
    } finally {
      clearTimeout(watchdog);
      aborter.abort();
    }
  }

  (async () => {
    for (;;) {
      if (!stopped) await once();
      down();
      const pause = Math.min(30_000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
      tries = Math.min(tries + 1, 5);
      await new Promise((resolve) => {
        wake = resolve;
        if (!stopped) setTimeout(resolve, pause);
      });
    }
  })();

  return {
    /** Tries at once, with the token as it is now. */
    again() {
      stopped = false;
      tries = 0;
      wake();
    },
    /** Drops the connection, so that the next one carries another token. */
    drop() {
      aborter?.abort();
    },
  };
}

/** Takes pieces of an event stream as they come, cut anywhere, and gives whole events. */
export function parser(heard) {
  let rest = "";
  let name = "";
  let data = [];
  return (piece) => {
    rest += piece;
    // A lone carriage return at the end may be half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length) heard(name || "message", data.join("\n"));
        name = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") name = value;
      else if (field === "data") data.push(value);
    }
  };
}
