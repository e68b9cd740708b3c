// The event stream: inserts fragments from the server without losing the focus.

import { element, seat } from "./ask.js";
import { markDays, setNow, showTimes } from "./time.js";

/** The maximum number of messages on the page; older ones are removed. */
const MOST = 250;
const TOGETHER_MS = 7 * 60 * 1000;

const list = document.getElementById("messages");
const scroller = document.getElementById("scroller");
const announcer = document.getElementById("announcer");
const unread = new Set();

/** Compares snowflakes as strings, because they are too large for numbers. */
const isAfter = (one, other) => (one.length === other.length ? one > other : one.length > other.length);

export const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

/** Whether the list is scrolled to its end; then it stays there when its size changes. */
let atEnd = true;
scroller.addEventListener("scroll", () => {
  atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
});
const follow = new ResizeObserver(() => { if (atEnd) toEnd(); });
follow.observe(scroller);
follow.observe(list);

/** Hides the author of a message that closely follows another of the same author. */
function regroup(message) {
  const before = message?.previousElementSibling;
  if (!message) return;
  const { author, time, headed } = message.dataset;
  const same = before && before.dataset.author === author && headed === undefined;
  message.classList.toggle("continued", Boolean(same && time - before.dataset.time < TOGETHER_MS));
  message.querySelectorAll("time[data-style=message]").forEach((clock) => showTimes(clock.parentElement));
}

/** Replaces an element, and keeps the focus and opened spoilers. */
function keep(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const path = focused && focused !== old ? [...old.querySelectorAll(focused.tagName)].indexOf(focused) : -1;
  const shown = [...old.querySelectorAll(".spoiler")].map((it) => it.classList.contains("shown"));
  old.replaceWith(fresh);
  fresh.querySelectorAll(".spoiler").forEach((it, index) => {
    if (!shown[index]) return;
    it.classList.add("shown");
    it.setAttribute("aria-expanded", "true");
    it.firstElementChild.setAttribute("aria-hidden", "false");
  });
  if (!focused) return;
  const again = path < 0 ? fresh : fresh.querySelectorAll(focused.tagName)[path];
  (again ?? fresh).focus({ preventScroll: true });
}

function put(id, markup) {
  const fresh = element(markup);
  const old = document.getElementById(`m-${id}`);
  showTimes(fresh);
  if (old) {
    keep(old, fresh);
  } else {
    let next = null;
    for (let at = list.lastElementChild; at && isAfter(at.dataset.message, id); at = at.previousElementSibling) next = at;
    list.insertBefore(fresh, next);
    if (!next) announce(fresh);
  }
  regroup(fresh);
  regroup(fresh.nextElementSibling);
}

function announce(message) {
  const name = message.querySelector(".author")?.textContent ?? "";
  const words = message.querySelector(".body")?.textContent.trim().slice(0, 200) ?? "";
  announcer.textContent = `${name}: ${words}`;
}

function remove(id) {
  const old = document.getElementById(`m-${id}`);
  if (!old) return;
  const next = old.nextElementSibling;
  if (old.contains(document.activeElement)) (next ?? scroller).focus({ preventScroll: true });
  old.remove();
  regroup(next);
}

function putPart(markup) {
  const fresh = element(markup);
  const old = document.getElementById(fresh.id);
  if (old && old.outerHTML !== markup) keep(old, fresh);
  showUnread();
}

export function showUnread() {
  for (const link of document.querySelectorAll("a.channel")) {
    link.classList.toggle("unread", unread.has(link.dataset.channel));
  }
}

function apply(batch) {
  if (batch.now) setNow(batch.now);
  if (batch.away) return location.assign("/");
  const messages = batch.messages ?? [];
  if (batch.all) {
    const kept = new Set(messages.map(([id]) => id));
    [...list.children].filter((it) => !kept.has(it.dataset.message)).forEach((it) => it.remove());
  }
  messages.forEach(([id, markup]) => put(id, markup));
  batch.gone?.forEach(remove);
  batch.unread?.forEach((id) => unread.add(id));
  batch.parts?.forEach(putPart);
  while (list.children.length > MOST) list.firstElementChild.remove();
  if (messages.length) markDays(list.children);
  if (batch.unread) showUnread();
  if (atEnd) toEnd();
}

let source, number = document.body.dataset.number;

function connect() {
  const query = new URLSearchParams({ ...seat, after: number });
  source = new EventSource(`/page/events?${query}`);
  source.addEventListener("batch", (event) => {
    number = event.lastEventId || number;
    apply(JSON.parse(event.data));
  });
  source.addEventListener("behind", () => dispatchEvent(new Event("behind")));
  source.addEventListener("open", () => document.body.classList.remove("offline"));
  source.addEventListener("error", () => {
    document.body.classList.add("offline");
    // After an HTTP error the browser does not reconnect, so reload the page.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
  });
}

/** Browsers allow six connections to a server for all windows, so hidden ones close theirs. */
export function listen() {
  connect();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  document.addEventListener("visibilitychange", () => {
    source.close();
    if (!document.hidden) connect();
  });
}

markDays(list.children);
toEnd();
