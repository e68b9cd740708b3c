// The engineer's drawer: fetched while it is open, without closing what one has opened in it.

import { make } from "./ask.js";
import { showTimes } from "./time.js";

const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
const opener = document.getElementById("drawer-opener");
const EVERY_MS = 1000;
let tab = "interactions", shown = "", timer;

export async function toggleDrawer(open = drawer.hidden) {
  drawer.hidden = !open;
  document.body.classList.toggle("with-drawer", open);
  opener.setAttribute("aria-expanded", String(open));
  clearInterval(timer);
  if (!open) return opener.focus();
  timer = setInterval(refresh, EVERY_MS);
  await refresh();
  drawer.querySelector('[aria-selected="true"]').focus();
}

/** Anew from the server; what is open stays open, and nobody is disturbed while they type. */
export async function refresh() {
  if (body.contains(document.activeElement) && document.activeElement.matches("input")) return;
  const wanted = tab;
  const response = await fetch(`/page/drawer/${wanted}`).catch(() => null);
  const markup = response?.ok ? await response.text() : null;
  if (markup === null || wanted !== tab || markup === shown) return;
  shown = markup;
  const open = new Set([...body.querySelectorAll("details[open]")].map((it) => it.id));
  const focused = document.activeElement.closest?.("details")?.id;
  const scrolled = body.scrollTop;
  const filter = document.getElementById("filter")?.value ?? "";
  body.innerHTML = markup;
  for (const it of body.querySelectorAll("details")) it.open = open.has(it.id);
  if (focused) document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
  body.scrollTop = scrolled;
  showTimes(body);
  if (filter) filterLines(filter);
}

function filterLines(text) {
  const field = document.getElementById("filter");
  if (field.value !== text) field.value = text;
  for (const line of body.querySelectorAll(".filtered")) line.hidden = !line.dataset.line.includes(text);
}

async function does(name, sent) {
  const response = await fetch(`/page/drawer/${name}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent),
  });
  const answer = await response.json().catch(() => ({}));
  say(response.ok ? (answer.saved ? `Saved as ${answer.saved}` : "") : answer.error ?? "That did not work.");
  shown = "";
  await refresh();
}

function say(text) {
  drawer.querySelector(".drawer-note")?.remove();
  if (text) drawer.querySelector(".drawer-head").after(Object.assign(make("p", "drawer-note", text), { role: "status" }));
}

export const DRAWER_ACTS = {
  drawer: () => toggleDrawer(),
  redrive: ({ dataset: { queue } }) => does("redrive", { queue }),
  discard: ({ dataset: { queue, messageId } }) => does("discard", { queue, message_id: messageId }),
  advance: ({ dataset: { seconds } }) => does("clock", { seconds: Number(seconds) }),
  "save-sample": ({ dataset: { interaction } }) => does("save", { interaction }),
};

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
  if (event.target.id === "filter") filterLines(event.target.value);
});
