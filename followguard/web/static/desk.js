// The card on the screen. The server decides; this page shows, sends one key at a time, and says what came of it.
import { Refused, Unreachable, fill, localTimes, paint, plainKey, send, token } from "./common.js";

const setup = JSON.parse(document.getElementById("setup").textContent);
const place = (id) => document.getElementById(id);
const strings = setup.strings;
const account = setup.account ? `?account=${encodeURIComponent(setup.account)}` : "";
const byKey = Object.fromEntries(Object.entries(setup.keys).map(([action, key]) => [key, action]));

let hand = [];
let seen = null; // promise of the token that says this card stood on the screen
let busy = false;
let offline = false;
let guidelines = {}; // account -> the company's do's and don'ts
let pending = ""; // what was being sent when the connection went

const first = () => hand[0];

function say(words, kind = "") {
  place("said").textContent = words;
  place("said").className = `said ${kind}`;
}

function show() {
  const card = first();
  const shown = place("hand").firstElementChild;
  if (shown && card && shown.dataset.key === card.key && !card.changed) return;
  if (!card) {
    place("hand").replaceChildren();
    const end = document.createElement("p");
    end.className = "end";
    end.textContent = strings["desk.end"];
    const link = document.createElement("a");
    link.href = "/follow-back";
    link.textContent = strings["desk.to_hand_off"];
    place("hand").append(end, link);
  } else {
    const made = document.createElement("template");
    made.innerHTML = card.html;
    localTimes(made.content);
    place("hand").replaceChildren(made.content);
    card.changed = false;
    seen = card.item ? send("POST", "/desk/seen", { item: card.item }) : null;
    if (seen) seen.then((answer) => anew(card, answer), () => {});
    place("hand").firstElementChild.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  header(card);
  buttons(card);
}

// What was fetched ahead has changed meanwhile: the card as it is now takes its place.
function anew(card, answer) {
  if (!answer.html || first() !== card) return;
  card.html = answer.html;
  const made = document.createElement("template");
  made.innerHTML = card.html;
  localTimes(made.content);
  place("hand").replaceChildren(made.content);
}

function header(card) {
  const where = place("account-name");
  where.textContent = card ? `@${card.account}` : "";
  where.dataset.colour = card ? card.colour : "";
  where.style.removeProperty("--account");
  paint(where.parentElement);
  const text = card ? guidelines[card.account] : "";
  place("guidelines").hidden = !text;
  place("guidelines-text").textContent = text || "";
}

function buttons(card) {
  const can = new Set(card ? card.can : setup.without_card);
  for (const each of document.querySelectorAll("#keys [data-action]")) each.hidden = !can.has(each.dataset.action);
}

function take(answer) {
  const known = new Map(hand.map((each) => [each.key, each]));
  hand = answer.hand.map((each) => (each.html ? each : known.get(each.key))).filter(Boolean);
  progress(answer.progress);
  if (answer.queue !== undefined) {
    place("queue").innerHTML = answer.queue;
    localTimes(place("queue"));
  }
  if (answer.told) tell(answer.told);
  if (answer.guidelines) guidelines = answer.guidelines;
}

function tell(lines) {
  const box = place("told");
  box.replaceChildren(...lines.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
  box.hidden = !lines.length;
}

function progress(found) {
  const all = found.decided + found.later + found.left;
  place("bar").max = Math.max(all, 1);
  place("bar").value = found.decided + found.later;
  place("progress").textContent = found.words;
}

// Brings the cards that come next; the one on the screen stays.
async function refill(extra = "") {
  const have = hand.map((each) => each.key).join(",");
  const query = new URLSearchParams(account.slice(1));
  query.set("have", have);
  if (extra) query.set("was", extra);
  const answer = await send("GET", `/desk/hand?${query}`);
  online();
  take(answer);
  show();
  return answer;
}

function online() {
  offline = false;
  place("offline").hidden = true;
  document.body.classList.remove("is-offline");
}

// No key decides from here on; when the server answers again it is asked what became of the last one.
function lost(what) {
  if (what) pending = what;
  if (offline) return;
  offline = true;
  place("offline").hidden = false;
  document.body.classList.add("is-offline");
  const again = async () => {
    try {
      hand = [];
      const answer = await refill(pending);
      if (pending && answer.was) say(answer.was);
      pending = "";
    } catch (error) {
      if (error instanceof Unreachable) setTimeout(again, 1500);
      else said(error);
    }
  };
  offline = true;
  setTimeout(again, 1500);
}

function said(error) {
  if (error instanceof Refused) say(error.message, "refused");
  else throw error;
}

// Sends what a key means; the card leaves the screen once it is saved, and the next one is there already.
async function act(path, body, { moves = true } = {}) {
  if (busy || offline) return false;
  busy = true;
  const card = first();
  try {
    const answer = await send("POST", path, body);
    if (answer.said) say(answer.said, answer.kind || "");
    if (answer.hand) {
      hand = [];
      take(answer);
    } else if (moves) {
      hand.shift();
    }
    if (answer.progress) progress(answer.progress);
    show();
    if (moves) refill().catch(unreached);
    return answer;
  } catch (error) {
    if (error instanceof Unreachable) lost(card ? card.key : "");
    else {
      said(error);
      if (error.code === "already_decided") {
        hand = [];
        await refill().catch(unreached);
      }
    }
    return false;
  } finally {
    busy = false;
  }
}

function unreached(error) {
  if (error instanceof Unreachable) lost("");
  else said(error);
}

async function decide(choice) {
  const card = first();
  if (!card || !card.item) return;
  let token = "";
  try {
    token = (await seen).seen;
  } catch (error) {
    if (error instanceof Unreachable) lost("");
    else {
      said(error);
      hand = [];
      await refill().catch(unreached);
    }
    return;
  }
  if (first() !== card) return;
  await act("/desk/decide", { item: card.item, seen: token, ...choice });
}

const reasons = Object.fromEntries(setup.reasons.map((each) => [each.key, each]));

function reject(reason, real = false) {
  return decide({ action: "reject", reason, real });
}

function ask(id, ready) {
  const dialog = place(id);
  if (dialog.open || offline) return;
  dialog.returnValue = "";
  if (ready) ready(dialog);
  dialog.showModal();
}

function dayAfter(days) {
  const day = new Date(setup.today + "T00:00:00Z");
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function later(day) {
  place("ask-later").close();
  return decide({ action: "later", until: day });
}

const actions = {
  approve: () => decide({ action: "approve" }),
  later: () =>
    ask("ask-later", () => {
      place("later-day").min = dayAfter(1);
      place("later-day").value = dayAfter(7);
    }),
  skip: () => {
    const card = first();
    if (card.batch) return act("/desk/batch/skip", { batch: card.batch });
    return act("/desk/skip", { item: card.item });
  },
  undo: () => act("/desk/undo" + account, {}, { moves: false }),
  note: () => ask("ask-note", () => (place("note-text").value = "")),
  ask: () => ask("ask-colleague", () => (place("ask-text").value = "")),
  open: () => {
    if (first().batch) return act("/desk/batch/open", { batch: first().batch });
    window.open(place("hand").firstElementChild.dataset.profile, "_blank", "noopener,noreferrer");
    return null;
  },
  held_back: () => act("/desk/held-back" + account, {}, { moves: false }),
  reveal: async () => {
    const card = first();
    const answer = await act("/desk/reveal", { item: card.item }, { moves: false });
    if (answer && first() === card) {
      card.html = answer.html;
      card.changed = true;
      show();
    }
  },
  reject_all: () =>
    ask("confirm-batch", () => {
      place("confirm-batch-number").value = "";
      place("confirm-batch-words").textContent = fill(strings["batch.confirm"], { size: first().size });
    }),
  other: () => ask("ask-other"),
  guidelines: () => {
    const box = place("guidelines");
    if (!box.hidden) box.focus();
    else say(strings["desk.no_guidelines"]);
  },
  search: () => (location.href = "/search"),
  help: () => ask("show-help"),
};
for (const each of setup.reasons) actions[each.name] = () => reject(each.name);

function press(action) {
  const card = first();
  const can = card ? card.can : setup.without_card;
  if (offline) return say(strings["desk.offline"], "refused");
  if (busy) return null;
  if (!can.includes(action) || !actions[action]) return say(fill(strings["desk.no_key"], { key: setup.keys.help }));
  return actions[action]();
}

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("dialog[open]");
  if (open && open.id === "ask-other") {
    const each = reasons[event.key.toLowerCase()];
    const real = event.key !== event.key.toLowerCase();
    if (each && !event.ctrlKey && !event.metaKey && !event.altKey && (!real || each.real)) {
      event.preventDefault();
      open.close();
      reject(each.name, real);
    }
    return;
  }
  const key = plainKey(event);
  if (!key || open) return;
  const lower = key.toLowerCase();
  const each = reasons[lower];
  if (key !== lower && each && each.real) {
    event.preventDefault();
    if (first() && first().item) reject(each.name, true);
    return;
  }
  if (byKey[lower] || key.length === 1) {
    event.preventDefault();
    press(byKey[lower] || "");
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action], [data-reason], [data-days]");
  if (!button) return;
  if (button.dataset.action) press(button.dataset.action);
  else if (button.dataset.days) later(dayAfter(Number(button.dataset.days)));
  else {
    button.closest("dialog").close();
    reject(button.dataset.reason, Boolean(button.dataset.real));
  }
});

place("later-ok").addEventListener("click", () => place("later-day").reportValidity() && later(place("later-day").value));
place("later-day").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    place("later-ok").click();
  }
});
place("note-ok").addEventListener("click", async () => {
  const answer = await act("/desk/note", { item: first().item, text: place("note-text").value }, { moves: false });
  if (answer) changed(answer);
});
place("ask-ok").addEventListener("click", async () => {
  const body = { item: first().item, whom: place("ask-whom").value, text: place("ask-text").value };
  if (await act("/desk/ask", body)) place("ask-colleague").close();
});
function changed(answer) {
  for (const each of document.querySelectorAll("dialog[open]")) each.close();
  if (first() && answer.html) {
    first().html = answer.html;
    first().changed = true;
    show();
  }
}
place("confirm-batch-ok").addEventListener("click", () => {
  const typed = place("confirm-batch-number").value.trim();
  place("confirm-batch").close();
  return act("/desk/batch/reject", { batch: first().batch, typed });
});
place("confirm-batch-number").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    place("confirm-batch-ok").click();
  }
});
document.addEventListener("toggle", async (event) => {
  const list = event.target.querySelector && event.target.querySelector("[data-members]");
  if (!list || !event.target.open || list.dataset.whole) return;
  list.dataset.whole = "1";
  const answer = await send("GET", `/desk/batch/members?batch=${list.dataset.members}`).catch(unreached);
  if (answer) list.innerHTML = answer.html;
}, true);
window.addEventListener("offline", () => lost(""));
window.addEventListener("pagehide", () => {
  const headers = { "Content-Type": "application/json", "X-Followguard-Token": token() };
  fetch("/desk/leave", { method: "POST", headers, body: "{}", keepalive: true }).catch(() => {});
});
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(() => {
  if (!offline && !busy && !document.hidden) send("GET", "/desk/others" + account).then(live).catch(unreached);
}, 15000);
function live(answer) {
  place("queue").innerHTML = answer.queue;
  progress(answer.progress);
}
place("more").addEventListener("click", () => {
  const open = place("keys").classList.toggle("whole");
  place("more").setAttribute("aria-expanded", String(open));
});
refill().catch(unreached);
