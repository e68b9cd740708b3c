// Mentions: `@` and `#` offer users, roles and channels, which are sent in Discord's format.

import { isFilling, stop } from "./composer.js";
import { loadPalette, palette } from "./options.js";
import { close, offer } from "./popup.js";

const line = document.getElementById("line");
const MOST = 10;

/** Displayed mention to the token that is sent. */
const written = new Map();
let loading;

const beforeCaret = () => line.value.slice(0, line.selectionStart);
const begun = () => beforeCaret().match(/(?:^|\s)([@#])([^\n@#]{0,32})$/);

/** Offers mentions if the caret is after the beginning of one. Returns whether it is. */
export function offerMentions() {
  if (!begun()) return false;
  loading ??= loadPalette().finally(() => { loading = undefined; });
  Promise.resolve(palette ?? loading).then(show, close);
  return true;
}

function show() {
  const [, sign, typed] = begun() ?? [];
  if (!sign || isFilling()) return;
  const wanted = typed.toLowerCase();
  const fits = ({ label, of }) => `${label} ${of ?? ""}`.toLowerCase().includes(wanted);
  const groups = (sign === "@" ? [people(), roles()] : [channels()])
    .map(({ title, entries }) => ({ title, entries: entries.filter(fits).slice(0, MOST) }))
    .filter(({ entries }) => entries.length);
  if (!groups.length) return close();
  offer(groups, (entry) => take(entry, sign.length + typed.length));
}

const people = () => ({ title: "Members", entries: palette.people.map((it) => ({ ...it, more: "", of: it.more, token: `<@${it.value}>`, text: `@${it.label}` })) });
const roles = () => ({ title: "Roles", entries: palette.roles.map((it) => ({ ...it, token: `<@&${it.value}>`, text: it.label })) });
const channels = () => ({ title: "Text channels", entries: (palette.channels ?? []).filter((it) => it.kind !== 4).map((it) => ({ ...it, token: `<#${it.value}>`, text: it.label })) });

function take({ text, token }, length) {
  const caret = line.selectionStart;
  written.set(text, token);
  line.setRangeText(`${text} `, caret - length, caret, "end");
  close();
  line.focus();
}

/** Appends a mention to the text, from a context menu. */
export function mention(text, token) {
  if (isFilling()) stop();
  written.set(text, token);
  line.value += `${line.value && !line.value.endsWith(" ") ? " " : ""}${text} `;
  line.focus();
}

/** Replaces mentions by their tokens, longest first, because a name can be the prefix of another. */
export function withTokens(text) {
  const names = [...written.keys()].sort((one, other) => other.length - one.length);
  return names.reduce((sent, name) => sent.replaceAll(name, written.get(name)), text);
}
