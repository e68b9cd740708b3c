// Filling in a command: a pill for each option, with suggestions.

import { act, make } from "./ask.js";
import { toEnd } from "./live.js";
import { openModal } from "./modal.js";
import { close, offer, popupKey } from "./popup.js";
import { exactly, isFile, problem, read, send, suggestions } from "./options.js";

const composer = document.getElementById("composer");
const line = document.getElementById("line");
const filled = document.getElementById("filled");
const note = document.getElementById("composer-note");

/** The command being filled in, and its pills. */
let command, pills = [];
let asked = 0;

export const say = (text) => { note.textContent = text; };

export const isFilling = () => command !== undefined;

/** Starts filling in a command of the palette. Text typed after its name is assigned to options where possible. */
export function start(picked, rest = "") {
  command = picked;
  pills = [];
  say("");
  close();
  const name = make("span", "filled-name", `/${picked.name}`);
  filled.replaceChildren(name, more());
  filled.hidden = false;
  line.hidden = true;
  composer.classList.add("filling");
  picked.options.filter((it) => it.required).forEach(add);
  showMore();
  (pills[0]?.input ?? filled.querySelector(".add")).focus();
  const { values, stray } = read(rest, picked.options);
  values.forEach(([option, text]) => put(option, text));
  if (!stray) return;
  const end = filled.querySelector(".add");
  end.value = stray;
  end.focus();
  offerOptions();
}

/** Ends filling in, and shows the text line again with this text. */
export function stop(text = "") {
  command = undefined;
  pills = [];
  filled.replaceChildren();
  filled.hidden = true;
  line.hidden = false;
  composer.classList.remove("filling");
  line.value = text;
  close();
  line.focus();
  line.dispatchEvent(new Event("input"));
}

/** The input at the end: Enter sends, and typing finds the remaining options. */
function more() {
  const add = make("input", "add");
  add.autocomplete = "off";
  add.setAttribute("role", "combobox");
  add.setAttribute("aria-controls", "palette-list");
  add.setAttribute("aria-expanded", "false");
  add.addEventListener("input", offerOptions);
  add.addEventListener("focus", offerOptions);
  add.addEventListener("keydown", endKey);
  return add;
}

function endKey(event) {
  const add = event.target;
  if (event.key === "Backspace" && !add.value) pills.length ? pills.at(-1).input.focus() : stop(`/${command.name}`);
  else if (event.key === "Enter" && !add.value.trim()) submit();
  else if (event.key === "Tab" && event.shiftKey) return;
  else if (popupKey(event)) return;
  else if (event.key === "Enter") submit();
  else if (event.key === "Escape") stop();
  else return;
  event.preventDefault();
}

const left = () => command.options.filter((it) => !pills.some((pill) => pill.option === it));

function showMore() {
  const count = left().length;
  const add = filled.querySelector(".add");
  add.value = "";
  add.placeholder = count ? `+${count} optional` : "⏎";
  add.setAttribute("aria-label", count ? `${count} more options; Enter sends` : "Enter sends");
}

function offerOptions() {
  const end = filled.querySelector(".add");
  const typed = end.value.trim();
  const named = left().find((option) => end.value.trimStart().toLowerCase() === `${option.shown.toLowerCase()}:`);
  if (named) return put(named, "");
  const fits = left().filter((option) => option.shown.toLowerCase().startsWith(typed.toLowerCase()));
  const entries = fits.map((option) => ({ label: option.shown, more: option.description, option, text: "" }));
  if (typed && !fits.length) entries.push(...takers().map((option) => ({ label: `${option.shown}: ${typed}`, more: option.description, option, text: typed })));
  if (!entries.length) return close();
  offer([{ title: "Options", entries }], ({ option, text }) => put(option, text));
}

/** Options without a value that accept text; those that already have a pill first. */
function takers() {
  const empty = pills.filter((pill) => !isFile(pill.option) && !pill.input.value).map((pill) => pill.option);
  return [...empty, ...left().filter((option) => !isFile(option))];
}

/** Shows a pill for the option, with this text. */
function put(option, text) {
  const pill = pills.find((it) => it.option === option) ?? add(option);
  showMore();
  pill.input.focus();
  if (!text) return;
  const choice = exactly(option, text);
  pill.input.value = choice?.label ?? text;
  pill.input.dispatchEvent(new Event("input"));
  pill.picked = choice?.value;
}

function add(option) {
  const box = make("span", "pill");
  const input = make("input");
  const id = `option-${option.name}`;
  const label = make("label", "", option.shown);
  label.htmlFor = input.id = id;
  input.type = isFile(option) ? "file" : "text";
  input.autocomplete = "off";
  if (!isFile(option)) input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", "palette-list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-description", option.description);
  box.append(label, input);
  const pill = { option, box, input, picked: undefined };
  pills.push(pill);
  filled.insertBefore(box, filled.querySelector(".add"));
  input.addEventListener("focus", () => suggest(pill));
  input.addEventListener("input", () => { pill.picked = undefined; fit(input); mark(pill, ""); suggest(pill); });
  input.addEventListener("keydown", (event) => pillKey(pill, event));
  fit(input);
  return pill;
}

const fit = (input) => { input.size = Math.max(4, Math.min(40, input.value.length + 1)); };

function pillKey(pill, event) {
  if (event.key === "Backspace" && pill.input.value === "") {
    event.preventDefault();
    return pill.option.required ? stop(`/${command.name}`) : drop(pill);
  }
  if (event.key === "Tab" && event.shiftKey) return;
  if (popupKey(event)) return;
  if (event.key === "Escape") stop();
  else if (event.key === "Enter") submit();
  else if (event.key === "Tab") next(pill);
  else return;
  event.preventDefault();
}

function drop(pill) {
  pill.box.remove();
  pills.splice(pills.indexOf(pill), 1);
  showMore();
  (pills.at(-1)?.input ?? filled.querySelector(".add")).focus();
}

function next(pill) {
  const after = pills[pills.indexOf(pill) + 1];
  (after?.input ?? filled.querySelector(".add")).focus();
}

const values = () => pills.filter((it) => it.picked !== undefined || it.input.value.trim()).map((it) => [it.option.name, it.picked ?? it.input.value.trim()]);

let typing;
function suggest(pill) {
  clearTimeout(typing);
  const { option, input } = pill;
  if (isFile(option)) return close();
  typing = setTimeout(async () => {
    const mine = ++asked;
    const title = `${option.shown} — ${option.description}`;
    if (option.autocomplete) offer([{ title, entries: [] }], () => {}, "Loading…");
    const found = await suggestions(option, input.value, command, values()).catch(() => undefined);
    if (mine !== asked || document.activeElement !== input || !command) return;
    if (found === null) return offer([{ title, entries: [] }], () => {}, "Type a value");
    const empty = found ? "No options match your search" : "Loading options failed";
    offer([{ title, entries: found ?? [] }], (it) => take(pill, it), empty);
  }, option.autocomplete ? 120 : 0);
}

function take(pill, entry) {
  pill.picked = entry.value;
  pill.input.value = entry.label;
  fit(pill.input);
  mark(pill, "");
  close();
  next(pill);
}

function mark(pill, text) {
  pill.box.classList.toggle("wrong", Boolean(text));
  pill.input.setAttribute("aria-invalid", String(Boolean(text)));
  say(text);
}

export async function submit() {
  const stray = filled.querySelector(".add");
  if (stray.value.trim()) {
    stray.focus();
    return say(`“${stray.value.trim()}” belongs to no option.`);
  }
  for (const pill of pills) {
    const text = isFile(pill.option) ? pill.input.files[0]?.name ?? "" : pill.input.value;
    const wrong = problem(pill.option, text, pill.picked);
    if (!wrong) continue;
    pill.input.focus();
    return mark(pill, wrong);
  }
  for (const pill of pills.filter((it) => isFile(it.option) && it.input.files[0])) pill.picked = await send(pill.input.files[0]);
  const body = { command: command.command, path: command.path, values: values() };
  const again = `/${command.name}`;
  stop();
  say("");
  await use(body, again);
}

async function use(body, again) {
  try {
    const done = await act("command", body);
    if (done.modal) openModal(done.modal);
    toEnd();
  } catch (error) {
    say(error.message);
    if (!line.value && !command) line.value = again;
  }
}
