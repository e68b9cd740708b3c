// The entry point: dispatches keyboard and mouse events.

import { ACTS } from "./acts.js";
import { act, seat } from "./ask.js";
import { begin, openPalette } from "./commands.js";
import { listen } from "./live.js";
import { closeContext, closeMenus, menuKey, openContext, pick, toggleMenu } from "./menu.js";
import { mention } from "./mentions.js";
import { closeModal, outcome } from "./modal.js";
import "./speak.js";
import { showTimes } from "./time.js";

Object.assign(ACTS, {
  async press(button) {
    button.classList.add("busy");
    const { message, customId } = button.dataset;
    await outcome(act("press", { message, custom_id: customId }), button.closest(".message"));
    button.classList.remove("busy");
  },
  async use(item) {
    const { command, on, target } = item.dataset;
    closeContext(true);
    await outcome(act("use", { command, [on]: target }), document.querySelector(`#m-${CSS.escape(target)}`));
  },
  async dismiss({ dataset: { message } }) {
    closeContext();
    await act("dismiss", { message });
    document.getElementById(`m-${message}`)?.remove();
    document.getElementById("line").focus();
  },
  menu(button) {
    const { left, bottom } = button.getBoundingClientRect();
    openContext(button, left, bottom);
  },
  mention: ({ dataset: { text, token } }) => { closeContext(); mention(text, token); },
  begin: (button) => begin(button.dataset.name),
  copy: (item) => { navigator.clipboard?.writeText(item.dataset.text); closeContext(true); },
  "copy-words": (item) => {
    const words = document.querySelector(`#m-${CSS.escape(item.dataset.message)} .body`)?.innerText ?? "";
    navigator.clipboard?.writeText(words);
    closeContext(true);
  },
  reveal: (spoiler) => {
    spoiler.classList.toggle("shown");
    const shown = spoiler.classList.contains("shown");
    spoiler.setAttribute("aria-expanded", String(shown));
    spoiler.firstElementChild.setAttribute("aria-hidden", String(!shown));
  },
  unveil: (button) => button.classList.add("shown"),
  "close-modal": closeModal,
  "open-palette": openPalette,
  "show-channels": () => document.body.classList.toggle("with-channels"),
  "show-members": () => document.body.classList.toggle("with-members"),
  theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
    root.dataset.theme = dark === "dark" ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=strict`;
  },
});

addEventListener("click", (event) => {
  const menu = event.target.closest("[data-menu]");
  closeMenus(menu);
  if (!event.target.closest("#context")) closeContext();
  const persons = document.getElementById("persons");
  if (persons.open && !event.target.closest("#persons")) persons.open = false;
  if (menu) {
    const option = event.target.closest("[role=option]");
    if (option) pick(menu, option);
    else if (event.target.closest("[role=combobox]")) toggleMenu(menu, menu.querySelector("[role=listbox]").hidden);
    return;
  }
  const acting = event.target.closest("[data-act]");
  if (acting && !acting.disabled) return void ACTS[acting.dataset.act]?.(acting);
  const user = event.target.closest("[data-user]");
  if (user) {
    const { right, top } = user.getBoundingClientRect();
    event.preventDefault();
    return void openContext(user, Math.min(right, event.clientX || right), event.clientY || top);
  }
  const channel = event.target.closest("a.mention[data-channel]");
  if (channel) {
    event.preventDefault();
    const link = document.querySelector(`a.channel[data-channel="${channel.dataset.channel}"]`);
    if (link) location.assign(link.href);
  }
});

addEventListener("contextmenu", (event) => {
  const target = event.target.closest("[data-user], article.message");
  if (!target || event.target.closest("a[href], input, textarea")) return;
  event.preventDefault();
  const box = target.getBoundingClientRect();
  openContext(event.target.closest("[data-user]") ?? target, event.clientX || box.left + 60, event.clientY || box.top + 24);
});

/** Moves between messages by arrow keys, as in Discord's client; Enter opens the menu of a message. */
function amongMessages(event) {
  const message = event.target.closest("article.message");
  const onIt = message === event.target;
  if (!onIt && event.target.id !== "scroller") return;
  if (onIt && event.key === "Enter") {
    const { left, top } = message.getBoundingClientRect();
    event.preventDefault();
    return openContext(message, left + 60, top + 24);
  }
  const messages = document.getElementById("messages");
  const next = { ArrowUp: onIt ? message.previousElementSibling : messages.lastElementChild, ArrowDown: onIt && message.nextElementSibling }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (menu) return menuKey(menu, event);
  if (event.key === "Enter" || event.key === " ") {
    const spoiler = event.target.closest?.(".spoiler, span.mention.user");
    if (spoiler && !spoiler.closest("button")) { event.preventDefault(); spoiler.click(); }
  }
  if (event.key === "Escape") {
    closeContext(true);
    document.getElementById("persons").open = false;
    document.body.classList.remove("with-channels", "with-members");
  }
  amongMessages(event);
});

showTimes(document);
listen();
document.body.classList.add("ready");
document.body.dataset.ready = seat.person;
if (matchMedia("(min-width: 800px)").matches) document.getElementById("line").focus();
