// The list of suggestions above the message box. The input keeps the focus.

import { element, make } from "./ask.js";

const composer = document.getElementById("composer");
const popup = document.getElementById("palette");
const list = document.getElementById("palette-list");

/** The offered entries, the index of the active one, and the callback. */
let offered = [], active = 0, choose = () => {};

export const activeOffer = () => (popup.hidden ? undefined : offered[active]);
export const chooseActive = () => choose(offered[active]);

export function close() {
  popup.hidden = true;
  offered = [];
  tell("false");
  describe("");
}

/** `aria-expanded` is not allowed on a text area. */
function tell(expanded) {
  const input = focusedInput();
  if (input?.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", expanded);
}

/** Sets `aria-activedescendant` on the focused input only. */
function describe(id) {
  composer.querySelectorAll("[aria-activedescendant]").forEach((it) => it.removeAttribute("aria-activedescendant"));
  if (id) focusedInput()?.setAttribute("aria-activedescendant", id);
}

const focusedInput = () => (composer.contains(document.activeElement) ? document.activeElement : null);

export function offer(groups, then, empty) {
  offered = groups.flatMap((group) => group.entries);
  choose = then;
  const rows = [];
  for (const { title, entries } of groups) {
    if (title) rows.push(Object.assign(make("div", "popup-title", title), { role: "presentation" }));
    rows.push(...entries.map(row));
  }
  if (!offered.length) {
    const none = Object.assign(make("div", "popup-empty", empty), { role: "option", ariaDisabled: "true" });
    rows.push(none);
  }
  list.replaceChildren(...rows);
  popup.hidden = false;
  setActive(0);
  tell("true");
}

function row(entry) {
  const made = make("div", "popup-entry");
  made.role = "option";
  made.id = `offer-${offered.indexOf(entry)}`;
  if (entry.picture) made.append(element(entry.picture));
  const words = make("div", "popup-words");
  words.append(make("span", "popup-name", entry.label));
  for (const option of entry.options ?? []) words.append(make("span", `popup-option${option.required ? " needed" : ""}`, option.shown));
  if (entry.more) words.append(make("span", "popup-more", entry.more));
  made.append(words);
  if (entry.of) made.append(make("span", "popup-of", entry.of));
  made.addEventListener("mousedown", (event) => { event.preventDefault(); choose(entry); });
  made.addEventListener("mousemove", () => setActive(offered.indexOf(entry)));
  return made;
}

function setActive(index) {
  active = offered.length ? (index + offered.length) % offered.length : 0;
  for (const it of list.querySelectorAll(".popup-entry")) {
    const on = it.id === `offer-${active}`;
    it.setAttribute("aria-selected", String(on));
    if (on) it.scrollIntoView({ block: "nearest" });
  }
  describe(offered.length ? `offer-${active}` : "");
}

/** Handles a key. Returns whether it was used. */
export function popupKey(event) {
  if (popup.hidden) return false;
  if (event.key === "ArrowDown") setActive(active + 1);
  else if (event.key === "ArrowUp") setActive(active - 1);
  else if (event.key === "Escape") close();
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && offered[active]) choose(offered[active]);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
