// Context menus of users and messages, and select menus.

import { act, readMarkup } from "./ask.js";
import { outcome } from "./modal.js";

const context = document.getElementById("context");
let opener;

export function closeContext(back = false) {
  if (context.hidden) return;
  context.hidden = true;
  if (back) opener?.focus({ preventScroll: true });
}

export async function openContext(target, x, y) {
  const user = target.closest("[data-user]")?.dataset.user;
  const message = target.closest("article.message");
  if (!user && !message) return;
  const query = user ? { user } : { message: message.dataset.message, private: message.classList.contains("private") };
  opener = target;
  context.innerHTML = await readMarkup("menu", query);
  context.hidden = false;
  const { width, height } = context.getBoundingClientRect();
  context.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  context.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
  context.querySelector("[role=menuitem]")?.focus();
}

context.addEventListener("keydown", (event) => {
  const items = [...context.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Escape" || event.key === "Tab") closeContext(true);
  else return;
  event.preventDefault();
});

// The rest is for select menus, in messages and modals.

const parts = (menu) => [menu.querySelector("[role=combobox]"), menu.querySelector("[role=listbox]")];
const chosenIn = (menu) => [...menu.querySelectorAll('[role=option][aria-selected="true"]')];
export const valuesOf = (menu) => chosenIn(menu).map((option) => option.dataset.value);

function showChosen(menu) {
  const place = menu.querySelector(".menu-chosen");
  const chosen = chosenIn(menu);
  const words = chosen.length ? chosen.map((it) => it.dataset.label) : [menu.dataset.placeholder];
  place.replaceChildren(...words.map((text) => {
    const span = document.createElement("span");
    span.className = chosen.length ? "chosen" : "placeholder";
    span.textContent = text;
    return span;
  }));
}

function mark(menu, option) {
  const [face, list] = parts(menu);
  list.querySelector(".active")?.classList.remove("active");
  option?.classList.add("active");
  option?.scrollIntoView({ block: "nearest" });
  face.setAttribute("aria-activedescendant", option?.id ?? "");
}

export function toggleMenu(menu, open) {
  const [face, list] = parts(menu);
  const isOpen = !list.hidden;
  if (isOpen === open || face.disabled) return;
  list.hidden = !open;
  face.setAttribute("aria-expanded", String(open));
  if (open) {
    menu.before = valuesOf(menu).join();
    menu.classList.toggle("above", face.getBoundingClientRect().bottom > innerHeight - 280);
    mark(menu, chosenIn(menu)[0] ?? list.querySelector("[role=option]"));
  } else if (menu.dataset.message && menu.before !== valuesOf(menu).join()) {
    send(menu);
  }
}

async function send(menu) {
  const values = valuesOf(menu);
  const { message, customId } = menu.dataset;
  if (values.length < Number(menu.dataset.least)) return;
  menu.classList.add("busy");
  await outcome(act("choose", { message, custom_id: customId, values }), menu.closest(".message"));
  menu.classList.remove("busy");
}

export function pick(menu, option) {
  const most = Number(menu.dataset.most);
  const selected = option.getAttribute("aria-selected") === "true";
  if (most === 1) {
    const may = selected && menu.dataset.least === "0";
    chosenIn(menu).forEach((it) => it.setAttribute("aria-selected", "false"));
    option.setAttribute("aria-selected", String(!may));
    menu.before = selected && !may ? valuesOf(menu).join() : menu.before;
  } else if (selected || chosenIn(menu).length < most) {
    option.setAttribute("aria-selected", String(!selected));
  }
  showChosen(menu);
  menu.dispatchEvent(new Event("change", { bubbles: true }));
  if (most === 1) toggleMenu(menu, false);
}

export function menuKey(menu, event) {
  const [, list] = parts(menu);
  const options = [...list.querySelectorAll("[role=option]")];
  const active = options.findIndex((it) => it.classList.contains("active"));
  if (list.hidden) {
    if (!["ArrowDown", "ArrowUp", "Enter", " "].includes(event.key)) return;
    toggleMenu(menu, true);
  } else if (event.key === "Enter" || event.key === " ") {
    if (options[active]) pick(menu, options[active]);
  } else if (event.key === "Escape" || event.key === "Tab") {
    toggleMenu(menu, false);
    if (event.key === "Tab") return;
    event.stopPropagation();
  } else {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: options.length - 1 }[event.key];
    const byLetter = options.findIndex((it) => it.dataset.label.toLowerCase().startsWith(event.key.toLowerCase()));
    const next = to ?? (event.key.length === 1 ? byLetter : -1);
    if (to === undefined && next < 0) return;
    mark(menu, options.at(next % options.length));
  }
  event.preventDefault();
}

export function closeMenus(except) {
  for (const face of document.querySelectorAll('[data-menu] [aria-expanded="true"]')) {
    const menu = face.closest("[data-menu]");
    if (menu !== except) toggleMenu(menu, false);
  }
}
