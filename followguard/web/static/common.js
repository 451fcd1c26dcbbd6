// What every page shares: requests that carry the page's token, times in the reader's zone, the offline banner.
// Text from X never becomes markup here: it is in HTML that the server escaped, or set as text.

export const WAIT = 10000;

export class Refused extends Error {
  constructor(answer, status) {
    super(answer.message || "");
    this.code = answer.code || "";
    this.status = status;
  }
}

export class Unreachable extends Error {}

export const token = () => document.querySelector('meta[name="csrf"]').content;

// Sends JSON and returns what comes back. Raises Refused with the server's sentence, Unreachable where none came.
export async function send(method, path, body) {
  const options = { method, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" };
  if (method !== "GET") {
    options.headers["Content-Type"] = "application/json";
    options.headers["X-Followguard-Token"] = token();
    options.body = JSON.stringify(body || {});
  }
  let answer;
  try {
    options.signal = AbortSignal.timeout(WAIT);
    answer = await fetch(path, options);
  } catch {
    throw new Unreachable();
  }
  let found = {};
  try {
    found = await answer.json();
  } catch {
    if (answer.ok) throw new Unreachable();
  }
  if (answer.status === 401) {
    location.replace("/");
    return new Promise(() => {});
  }
  if (!answer.ok) throw new Refused((found.errors || [])[0] || {}, answer.status);
  return found;
}

// Shows times in the reader's zone; UTC stands in the title.
export function localTimes(root) {
  for (const each of root.querySelectorAll("time[datetime]")) {
    const at = new Date(each.dateTime);
    if (Number.isNaN(at.getTime()) || each.dateTime.length < 11) continue;
    each.title = each.dateTime.replace("T", " ").slice(0, 16) + " UTC";
    each.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  }
}

// Gives places with a data-colour the account's colour: the policy of the page takes no style from markup.
export function paint(root) {
  for (const each of root.querySelectorAll("[data-colour]")) {
    if (each.dataset.colour) each.style.setProperty("--account", each.dataset.colour);
  }
}

// Returns the key that was pressed alone, in one spelling; "" where it isn't the page's to take.
export function plainKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return "";
  const at = event.target;
  if (at.closest && at.closest("input, textarea, select, dialog, [contenteditable]")) return "";
  if ((event.key === "Enter" || event.key === " ") && at.closest && at.closest("a, button, summary")) return "";
  return event.key.length === 1 || event.key === "Enter" ? event.key : "";
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

localTimes(document);
paint(document);
