// The inspector: refreshes itself while it is open, and keeps expanded entries expanded.

import { ACTS } from "./acts.js";
import { make } from "./ask.js";
import { showTimes } from "./time.js";

const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
const opener = document.getElementById("drawer-opener");
/** Refreshes at this interval besides notifications, because time alone changes some things. */
const EVERY_MS = 5000;
const TYPING_MS = 150;
/** The query string of each tab: filter, table, page. */
const asked = {};
let tab = "interactions", shown = "", toOpen, timer, typing;

async function toggleDrawer(open = drawer.hidden) {
  drawer.hidden = !open;
  document.body.classList.toggle("with-drawer", open);
  opener.setAttribute("aria-expanded", String(open));
  clearInterval(timer);
  if (!open) return opener.focus();
  timer = setInterval(refresh, EVERY_MS);
  await refresh();
  drawer.querySelector('[aria-selected="true"]').focus();
}

/** Reloads the tab. Expanded entries stay expanded, and nothing is replaced while a setting is being edited. */
async function refresh() {
  if (document.activeElement.matches("[data-knob]")) return;
  const wanted = `${tab}?${asked[tab] ?? ""}`;
  const response = await fetch(`/page/drawer/${wanted}`).catch(() => null);
  const markup = response?.ok ? await response.text() : null;
  if (markup === null || wanted !== `${tab}?${asked[tab] ?? ""}` || markup === shown || isMarking()) return;
  shown = markup;
  put(markup);
}

/** Whether text is selected, which a refresh would deselect. */
function isMarking() {
  const { isCollapsed, anchorNode } = getSelection();
  return !isCollapsed && body.contains(anchorNode) && !document.activeElement.matches("input");
}

function put(markup) {
  const open = new Set([...body.querySelectorAll("details[open]")].map((it) => it.id));
  if (toOpen) open.add(toOpen);
  const field = document.activeElement.id === "filter" ? document.activeElement : null;
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  const within = focused?.closest("details")?.id;
  const scrolled = body.scrollTop;
  body.innerHTML = markup;
  for (const it of body.querySelectorAll("details")) it.open = open.has(it.id);
  if (field) keepTyping(field);
  else if (focused) (again(focused) ?? document.getElementById(within)?.querySelector("summary") ?? body).focus({ preventScroll: true });
  body.scrollTop = scrolled;
  showTimes(body);
  if (toOpen && document.getElementById(toOpen)) toOpen = undefined;
}

/** The new button with the same action as the old one. */
function again(old) {
  const same = old.id && document.getElementById(old.id);
  if (same && !same.disabled) return same;
  const does = (it) => JSON.stringify(it.dataset);
  return old.dataset.act && [...body.querySelectorAll("[data-act]")].find((it) => does(it) === does(old));
}

/** Restores text and caret in the new input. */
function keepTyping(old) {
  const field = document.getElementById("filter");
  if (!field) return;
  field.value = old.value;
  field.focus({ preventScroll: true });
  field.setSelectionRange(old.selectionStart, old.selectionEnd);
}

async function does(name, sent) {
  getSelection().removeAllRanges();
  const response = await fetch(`/page/drawer/${name}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent),
  });
  const answer = await response.json().catch(() => ({}));
  say(response.ok ? (answer.saved ? `Saved as ${answer.saved}` : "") : answer.error ?? "The action failed.");
  shown = "";
  await refresh();
}

function say(text) {
  drawer.querySelector(".drawer-note")?.remove();
  if (text) drawer.querySelector(".drawer-head").after(Object.assign(make("p", "drawer-note", text), { role: "status" }));
}

/** Opens a tab with a query: another page, or a filter for one interaction. */
function ask(name, query) {
  getSelection().removeAllRanges();
  asked[name] = query;
  if (name === "interactions") toOpen = `trace-${new URLSearchParams(query).get("only")}`;
  if (name === tab) refresh();
  else select(name);
}

// Reading both tables whole is expensive, so this tab is not refreshed at each notification.
addEventListener("behind", () => { if (!drawer.hidden && tab !== "tables") refresh(); });

Object.assign(ACTS, {
  drawer: () => toggleDrawer(),
  ask: ({ dataset: { tab, query } }) => ask(tab, query),
  redrive: () => does("redrive", {}),
  discard: ({ dataset: { queue, messageId } }) => does("discard", { queue, message_id: messageId }),
  advance: ({ dataset: { seconds } }) => does("clock", { seconds: Number(seconds) }),
  "save-sample": ({ dataset: { interaction } }) => does("save", { interaction }),
});

function select(name) {
  tab = name;
  shown = "";
  for (const it of drawer.querySelectorAll("[role=tab]")) {
    const on = it.dataset.tab === name;
    it.setAttribute("aria-selected", String(on));
    it.tabIndex = on ? 0 : -1;
    if (on) it.focus();
  }
  body.setAttribute("aria-labelledby", `tab-${name}`);
  body.replaceChildren();
  refresh();
}

drawer.addEventListener("click", (event) => {
  const wanted = event.target.closest("[role=tab]")?.dataset.tab;
  if (wanted) select(wanted);
});
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return toggleDrawer(false);
  const tabs = [...drawer.querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
  if (at >= 0 && to !== undefined) select(tabs.at(to % tabs.length).dataset.tab);
});
drawer.addEventListener("change", (event) => {
  const knob = event.target.dataset.knob;
  if (!knob) return;
  const { type, checked, value } = event.target;
  const number = value === "" && knob === "fail_webhooks" ? null : Number(value);
  event.target.blur();
  does("knobs", { [knob]: type === "checkbox" ? checked : number });
});
drawer.addEventListener("input", (event) => {
  const name = event.target.dataset.ask;
  if (!name) return;
  // The chosen table stays; its pages start at the first one.
  const query = new URLSearchParams(asked[tab] ?? "");
  query.set(name, event.target.value);
  query.delete("from");
  asked[tab] = query.toString();
  clearTimeout(typing);
  typing = setTimeout(refresh, TYPING_MS);
});
