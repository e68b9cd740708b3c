// Slash commands: finding one by typing and picking it.

import { isFilling, say, start, stop } from "./composer.js";
import { loadPalette, palette } from "./options.js";
import { offer } from "./popup.js";

const line = document.getElementById("line");
let loading;

const isTyped = () => line.value.startsWith("/") && !line.value.includes("\n");

/** Offers the commands that match the line, or starts the one whose name is complete. */
export async function offerCommands() {
  if (line.value === "/" || !palette) {
    loading = loadPalette().catch((error) => say(error.message));
    await loading;
  }
  if (!palette || !isTyped() || isFilling()) return;
  const typed = named(line.value);
  if (typed && line.value.startsWith(`/${typed.command.name} `)) return start(typed.command, typed.rest);
  const wanted = line.value.slice(1).trim().toLowerCase();
  const fits = palette.commands.filter((it) => it.name.toLowerCase().includes(wanted))
    .sort((one, other) => other.name.toLowerCase().startsWith(wanted) - one.name.toLowerCase().startsWith(wanted));
  const features = [...new Set(fits.map((it) => it.feature))];
  const entry = (it) => ({ label: `/${it.name}`, more: it.description, options: it.options, picture: palette.face, of: palette.application, it });
  const groups = features.map((title) => ({ title, entries: fits.filter((it) => it.feature === title).map(entry) }));
  offer(groups, ({ it }) => start(it), "No commands match");
}

/** The command at the beginning (the longest match: `/coins pay` before `/coins`), and the rest of the text. */
function named(text) {
  const fits = palette.commands.filter(({ name }) => `${text} `.startsWith(`/${name} `));
  const command = fits.sort((one, other) => other.name.length - one.name.length)[0];
  return command && { command, rest: text.slice(command.name.length + 1).trim() };
}

/** Whether the line is a command, for Enter pressed before the palette has loaded. */
export async function isCommand() {
  if (!isTyped()) return false;
  await loading;
  const typed = palette && named(line.value);
  if (typed) start(typed.command, typed.rest);
  return Boolean(typed);
}

export function openPalette() {
  stop("/");
}

export async function begin(name) {
  const { commands } = await loadPalette();
  const found = commands.find((it) => it.name === name || [it.name.split(" ")[0], ...it.path].join(" ") === name);
  if (found) start(found);
}
