// Shows times in the reader's language and time zone, by the stack's clock, and updates relative ones.

const language = document.documentElement.lang || "en";
let ahead = Number(document.body.dataset.now) - Date.now();

export const now = () => Date.now() + ahead;

const format = (options) => {
  const formatter = new Intl.DateTimeFormat(language, options);
  return (date) => formatter.format(date);
};

const STYLES = {
  t: format({ timeStyle: "short" }),
  T: format({ timeStyle: "medium" }),
  d: format({ dateStyle: "short" }),
  D: format({ dateStyle: "long" }),
  f: format({ dateStyle: "long", timeStyle: "short" }),
  F: format({ dateStyle: "full", timeStyle: "short" }),
  s: format({ dateStyle: "short", timeStyle: "short" }),
  S: format({ dateStyle: "short", timeStyle: "medium" }),
};

const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const always = new Intl.RelativeTimeFormat(language);
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function fromNow(date) {
  const seconds = Math.round((date - now()) / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return always.format(Math.trunc(seconds / size), unit);
}

const day = (date) => new Date(date).setHours(0, 0, 0, 0);

function ofMessage(date) {
  const days = Math.round((day(date) - day(now())) / 86400000);
  if (days < -1 || days > 1) return STYLES.s(date);
  const word = relative.format(days, "day");
  return `${word[0].toUpperCase()}${word.slice(1)}, ${STYLES.t(date)}`;
}

function show(time) {
  const date = new Date(time.dateTime);
  const style = time.dataset.style;
  time.title = STYLES.F(date);
  if (style === "title") return;
  let words = style === "R" ? fromNow(date) : (STYLES[style] ?? ofMessage)(date);
  if (style === "message" && time.closest(".continued")) words = STYLES.t(date);
  if (time.textContent !== words) time.textContent = words;
}

export function showTimes(root) {
  root.querySelectorAll("time[data-style]").forEach(show);
}

/** Marks the first message of each day, above which the style sheet draws a line. */
export function markDays(messages) {
  let last;
  for (const message of messages) {
    const today = day(Number(message.dataset.time));
    if (last !== undefined && today !== last) message.dataset.day = STYLES.D(today);
    else delete message.dataset.day;
    last = today;
  }
}

export function setNow(milliseconds) {
  ahead = milliseconds - Date.now();
  showTimes(document);
}

setInterval(() => document.querySelectorAll('time[data-style="R"]').forEach(show), 1000);
