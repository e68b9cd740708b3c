// Measures the page's speed. The figures are only printed: a slow machine does not fail the test.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

const median = (list) => at(list, 0.5);
const at = (list, share) => [...list].sort((one, other) => one - other)[Math.min(list.length - 1, Math.floor(list.length * share))];
const ms = (value) => `${value.toFixed(1)} ms`;

/** Posts many messages to the page's own route, some of them concurrently. */
async function says(app, person, { times, together = 1, text }) {
  const seat = await person.page.evaluate(() => ({ person: document.body.dataset.person, channel: document.body.dataset.channel }));
  for (let said = 0; said < times; said += together) {
    await Promise.all(Array.from({ length: together }, (_, index) =>
      app.ask("/page/say", { ...seat, text: `${text} ${said + index + 1}, **bold**, \`code\`, ||spoiler||` })));
  }
}

const firstPaint = (person) => person.page.evaluate(() => new Promise((painted) => new PerformanceObserver((list) => {
  const first = list.getEntriesByName("first-contentful-paint")[0];
  if (first) painted(first.startTime);
}).observe({ type: "paint", buffered: true })));

scenario("the first paint, on loopback", async (app, test) => {
  const paints = { "first visit": [], "later visit": [], "for comparison, a page of one word": [] };
  for (let load = 0; load < 6; load += 1) {
    const person = await app.enter("ottilie.quandt");
    paints["first visit"].push(await firstPaint(person));
    await person.opens("/@ottilie.quandt");
    paints["later visit"].push(await firstPaint(person));
    await person.page.goto("data:text/html,Hello");
    paints["for comparison, a page of one word"].push(await firstPaint(person));
  }
  // The first load warms the server up.
  for (const [what, [, ...list]] of Object.entries(paints)) {
    test.diagnostic(`first contentful paint, ${what}: median ${ms(median(list))} of ${list.map(ms).join(", ")}`);
  }
});

scenario("scrolling through two hundred messages", async (app, test) => {
  const person = await app.enter("ottilie.quandt");
  await says(app, person, { times: 200, together: 10, text: "Message" });
  await person.opens("/@ottilie.quandt");
  assert.equal(await person.messages.count(), 200);
  const { frames, long } = await person.page.evaluate(() => new Promise((done) => {
    const long = [], frames = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map((it) => it.duration))).observe({ type: "longtask" });
    const scroller = document.getElementById("scroller");
    let last;
    const step = (now) => {
      if (last) frames.push(now - last);
      last = now;
      scroller.scrollTop -= 100;
      if (scroller.scrollTop > 0) requestAnimationFrame(step);
      else done({ frames, long });
    };
    requestAnimationFrame(step);
  }));
  test.diagnostic(`scrolling 200 messages: ${frames.length} frames, median ${ms(median(frames))}, p95 ${ms(at(frames, 0.95))}, ` +
    `${long.length} tasks over 50 ms`);
});

scenario("typing through a burst of five hundred messages", async (app, test) => {
  const person = await app.enter("ottilie.quandt");
  await person.line.focus();
  await person.page.evaluate(() => {
    globalThis.seen = { long: [], keys: [] };
    new PerformanceObserver((list) => globalThis.seen.long.push(...list.getEntries().map((it) => it.duration))).observe({ type: "longtask" });
    document.getElementById("line").addEventListener("keydown", (event) =>
      requestAnimationFrame((now) => globalThis.seen.keys.push(Math.max(0, now - event.timeStamp))));
  });
  const began = performance.now();
  const burst = says(app, person, { times: 500, together: 25, text: "Burst" });
  await Promise.all([burst, person.page.keyboard.type("I can still write while all this happens", { delay: 25 })]);
  await person.sees("Burst 500,");
  const took = performance.now() - began;
  assert.equal(await person.line.inputValue(), "I can still write while all this happens");
  const { long, keys } = await person.page.evaluate(() => globalThis.seen);
  test.diagnostic(`burst of 500 messages in ${ms(took)}: key to frame median ${ms(median(keys))}, p95 ${ms(at(keys, 0.95))}; ` +
    `${long.length} tasks over 50 ms, the longest ${ms(Math.max(0, ...long))}`);
});
