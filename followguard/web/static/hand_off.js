// Hand-off: one link at a time, in the browser of the person who is signed in on X as the account.
import { Refused, Unreachable, fill, paint, plainKey, send } from "./common.js";

const setup = JSON.parse(document.getElementById("setup").textContent);
const strings = setup.strings;
const place = (id) => document.getElementById(id);
let at = null; // {account, links, place, marks}
let busy = false;

function say(words, kind = "") {
  place("said").textContent = words;
  place("said").className = `said ${kind}`;
}

function made(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, more);
}

function lost() {
  place("offline").hidden = false;
  const again = () => send("GET", "/health").then(() => (place("offline").hidden = true)).catch(() => setTimeout(again, 1500));
  setTimeout(again, 1500);
}

function failed(error) {
  if (error instanceof Unreachable) lost();
  else if (error instanceof Refused) say(error.message, "refused");
  else throw error;
}

async function open(account, asks) {
  if (busy) return;
  busy = true;
  try {
    const answer = await send("POST", "/follow-back/open", { account, ask_x: asks });
    const box = document.querySelector(`[data-links="${CSS.escape(account)}"]`);
    const section = document.querySelector(`[data-account="${CSS.escape(account)}"]`);
    section.querySelector(".ask").hidden = !answer.stale;
    section.querySelector("[data-ready]").hidden = true; // it told how many there were before
    at = { account, links: answer.links, box, marks: Boolean(box.dataset.marks), unfollow: answer.unfollow, told: answer.said, all: answer.links.length };
    show();
  } catch (error) {
    failed(error);
  } finally {
    busy = false;
  }
}

function show() {
  const { box, links, told, unfollow } = at;
  box.replaceChildren(...told.map((words) => made("p", words, { className: "told" })));
  const link = links[0];
  if (link) box.append(card(link));
  else box.append(made("p", strings["hand_off.done"], { className: "end", tabIndex: -1 }));
  for (const each of unfollow) box.append(toUnfollow(each));
  const first = box.querySelector("a.follow, .end");
  if (first) first.focus();
}

function card(link) {
  const box = made("div", "", { className: "link" });
  box.append(made("p", fill(strings["hand_off.place"], { place: at.all - at.links.length + 1, all: at.all }), { className: "hint" }));
  box.append(made("h3", link.name));
  if (link.again) box.append(made("p", strings["hand_off.again"], { className: "hint" }));
  const go = made("a", "", { href: link.url, target: "_blank", rel: "noopener noreferrer", className: "follow" });
  go.append(made("kbd", setup.keys.open), ` ${fill(strings["hand_off.open"], { name: link.name, account: at.account })}`);
  box.append(go);
  if (at.marks) {
    const row = made("p", "", { className: "marks" });
    for (const each of setup.marks) {
      const button = made("button", "", { type: "button" });
      button.dataset.mark = each.mark;
      button.append(made("kbd", each.key), ` ${each.words}`);
      row.append(button, " ");
    }
    box.append(row);
  }
  return box;
}

function toUnfollow(each) {
  const row = made("p", "", { className: "unfollow" });
  row.append(`${fill(strings["hand_off.unfollow"], { name: each.name })} `);
  row.append(made("a", strings["hand_off.profile"], { href: each.url, target: "_blank", rel: "noopener noreferrer" }), " ");
  if (at.marks) {
    const button = made("button", strings["hand_off.unfollow_done"], { type: "button" });
    button.addEventListener("click", () => mark("unfollowed", each.item).then((done) => done && row.remove()));
    row.append(button);
  }
  return row;
}

async function mark(as, item) {
  if (busy) return false;
  busy = true;
  try {
    const answer = await send("POST", "/follow-back/mark", { item, as });
    say(answer.said);
    return true;
  } catch (error) {
    failed(error);
    return error instanceof Refused && error.code === "already_decided";
  } finally {
    busy = false;
  }
}

async function marked(as) {
  if (!at || !at.links.length || !at.marks || !place("offline").hidden) return;
  const link = at.links[0];
  if (await mark(as, link.item)) {
    at.links.shift();
    show();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open], [data-mark]");
  if (!button) return;
  if (button.dataset.open) open(button.dataset.open, Boolean(button.dataset.ask));
  else marked(button.dataset.mark);
});
document.addEventListener("keydown", (event) => {
  const key = plainKey(event).toLowerCase();
  if (!key || !at) return;
  const each = setup.marks.find((one) => one.key === key);
  if (each) marked(each.mark);
  else if (key === setup.keys.open && at.links.length) at.box.querySelector("a.follow").click();
});
paint(document);
