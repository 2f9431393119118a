// Elements from data, and the least change that brings a part of the page up to date. Text only ever becomes text nodes.

/** An element. `on…` props are handlers, `true` is an empty attribute, `null`, `undefined` and `false` are absent. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : SAID.includes(name) ? visible(String(value)) : value);
  }
  element.append(...nodes(children));
  return element;
}

/** Attributes that people read. */
const SAID = ["title", "aria-label", "placeholder"];

/** A text as people may see it: what turns its order or steers what shows it is a picture, as in the output of commands. */
export const visible = (text) =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (c) =>
    c < " " ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : "\ufffd",
  );

const isShown = (child) => child !== null && child !== undefined && child !== false;

const nodes = (children) => children.flat(Infinity).filter(isShown).map((child) => (child instanceof Node ? child : visible(String(child))));

const HANDLERS = ["onclick", "onsubmit", "onchange", "oninput", "ontoggle"];

/** Makes `parent` hold `children`, and leaves alone what is the same: focus, selection and scroll stay. */
export function fill(parent, ...children) {
  const next = parent.cloneNode(false);
  next.append(...nodes(children));
  const focused = document.activeElement;
  morphChildren(parent, next);
  // A row that changes places loses the focus on its way.
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return from.replaceWith(to);
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return undefined;
  }
  for (const { name } of [...from.attributes]) {
    // Whether a disclosure is open is the reader's choice. A style attribute is only ever set through its object.
    if (!to.hasAttribute(name) && name !== "style" && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (name !== "style" && name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (from.style.cssText !== to.style.cssText) from.style.cssText = to.style.cssText;
  for (const name of HANDLERS) if (from[name] !== to[name]) from[name] = to[name];
  return morphChildren(from, to);
}

function morphChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    const key = next.dataset?.key;
    const old = key ? keyed.get(key) : at;
    if (!old || (!key && old.dataset?.key)) {
      from.insertBefore(next, at);
      continue;
    }
    keyed.delete(key);
    if (old === at) at = at.nextSibling;
    else from.insertBefore(old, at);
    morph(old, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
