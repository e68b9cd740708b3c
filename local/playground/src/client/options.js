// Values of command options: suggestions and checks.

import { act, read as ask, upload } from "./ask.js";

const BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10, FILE = 11, INTEGER = 4;
export const isFile = (option) => option.type === FILE;

/** The palette, as it was last loaded. */
export let palette;

/** Loads the palette. Called each time it is shown, because commands and permissions may have changed. */
export async function loadPalette() {
  palette = await ask("palette");
  return palette;
}

/** Parses the text after a command's name: `place:Paris units:metric`, and words without an option. */
export function read(text, options) {
  const starts = options.flatMap((option) => [...text.matchAll(/(?:^|\s)(\S+?):/g)]
    .filter(([, name]) => name === option.shown || name === option.name)
    .map((found) => ({ option, from: found.index, to: found.index + found[0].length })));
  starts.sort((one, other) => one.from - other.from);
  const until = (index) => starts[index]?.from ?? text.length;
  const values = starts.map(({ option, to }, index) => [option, text.slice(to, until(index + 1)).trim()]);
  return { values, stray: text.slice(0, until(0)).trim() };
}

function all(option) {
  if (option.choices.length) return option.choices;
  const channels = () => (palette.channels ?? []).filter((it) => !option.channels || option.channels.includes(it.kind));
  switch (option.type) {
    case BOOLEAN: return ["True", "False"].map((label) => ({ label, value: label }));
    case USER: return palette.people;
    case ROLE: return palette.roles;
    case MENTIONABLE: return [...palette.people, ...palette.roles];
    case CHANNEL: return channels();
    default: return null;
  }
}

/** The choice with exactly this label or value. */
export const exactly = (option, text) => all(option)?.find(({ label, value }) => label === text || value === text);

export const mustPick = (option) => all(option) !== null;

/** The suggestions for a text; `null` if the option accepts any text. */
export async function suggestions(option, typed, command, filled) {
  if (option.autocomplete) {
    const values = [...filled.filter(([name]) => name !== option.name), [option.name, typed]];
    return (await act("complete", { command: command.command, path: command.path, values })).choices;
  }
  const wanted = typed.toLowerCase().replace(/^[@#]/, "");
  return all(option)?.filter((it) => `${it.label} ${it.more ?? ""}`.toLowerCase().includes(wanted)) ?? null;
}

/** Why the value cannot be sent; empty if it can. */
export function problem(option, typed, picked) {
  const text = typed.trim();
  if (!text && picked === undefined) return option.required ? "This option is required. Specify a value." : "";
  if (mustPick(option) && picked === undefined) return "Pick one of the options.";
  if (option.type === INTEGER || option.type === NUMBER) return numberProblem(option, picked ?? text);
  const length = [...text].length;
  if (option.shortest && length < option.shortest) return `Must be at least ${option.shortest} characters.`;
  if (option.longest && length > option.longest) return `Must be at most ${option.longest} characters.`;
  return "";
}

function numberProblem(option, text) {
  const number = Number(text);
  if (Number.isNaN(number)) return "Input a valid number.";
  if (option.type === INTEGER && !Number.isInteger(number)) return "Input a valid integer.";
  if (option.least !== null && number < option.least) return `Must be ${option.least} or more.`;
  if (option.most !== null && number > option.most) return `Must be ${option.most} or less.`;
  return "";
}

export const send = upload;
