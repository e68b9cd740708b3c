// Using whole commands with the keyboard only.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

const focused = (person) => person.page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());

/** Presses Tab until the focused element matches. */
async function tabsTo(person, words, key = "Tab") {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(person)).startsWith(words)) return;
    await person.presses(key);
  }
  assert.fail(`nothing says ${words}`);
}

scenario("a command is found, filled in, sent, and a button of its card pressed, by keyboard alone", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await tabsTo(member, "line");
  await member.types("/w");
  await member.offered("/weather").waitFor();
  await member.presses("Enter");
  await member.page.locator(".filled-name").waitFor();
  await member.presses("Tab");
  await member.types("Par");
  await member.offered("Paris, Texas").waitFor();
  await member.presses("ArrowDown", "Enter");
  await member.presses("Enter");
  await member.sees("Paris, Texas");
  await member.sees("Next hours");
  await tabsTo(member, "°F", "Shift+Tab");
  await member.presses("Enter");
  await member.sees("°F, ");
});

scenario("a form is opened, filled in and sent by keyboard alone", async (app) => {
  const owner = await app.enter("ottilie.quandt");
  await owner.uses("settings");
  await owner.sees("Settings for this server");
  await tabsTo(owner, "Edit…", "Shift+Tab");
  await owner.presses("Enter");
  await owner.modal.getByLabel("Time zone").waitFor();
  await tabsTo(owner, "field-time_zone");
  await owner.types("Europe/Berlin");
  await owner.presses("Enter");
  await owner.sees("Time zone → Europe/Berlin");
});

scenario("a message's menu and the drawer are reached by keyboard alone", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.writes("5 miles");
  await member.presses("Enter");
  await member.sees("5 miles");
  await tabsTo(member, "scroller", "Shift+Tab");
  await member.presses("ArrowUp", "Enter");
  await member.context.getByRole("menuitem").first().waitFor();
  await tabsTo(member, "Convert units", "ArrowDown");
  await member.presses("Enter");
  await member.sees("8 km");
  await tabsTo(member, "drawer-opener");
  await member.presses("Enter");
  await member.page.locator("#tab-interactions:focus").waitFor();
  await member.presses("ArrowRight");
  await member.drawer.locator('#drawer-body[aria-labelledby="tab-calls"] > *').first().waitFor();
  await member.presses("Escape");
  await member.drawer.waitFor({ state: "hidden" });
});

scenario("a button of the drawer keeps the focus when what is around it is drawn anew", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const faults = await member.opensDrawer("faults");
  const now = () => faults.locator("time.stamp").getAttribute("datetime");
  await tabsTo(member, "+ 1 hour");
  const before = await now();
  await member.presses("Enter");
  await faults.locator(`time.stamp:not([datetime="${before}"])`).waitFor();
  assert.equal(await focused(member), "+ 1 hour");
});

scenario("what somebody has marked in the drawer stays marked until they let go of it", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.uses("ping");
  const traces = await member.opensDrawer("interactions");
  const first = traces.locator(".trace-name").first();
  await first.waitFor();
  await first.evaluate((name) => getSelection().selectAllChildren(name));
  const again = () => member.page.waitForResponse((response) => response.url().includes("/page/drawer/interactions"));
  const other = await app.enter("ottilie.quandt");
  // When the second message arrives, the first would have been rendered.
  for (let times = 0; times < 2; times += 1) {
    const told = again();
    await other.uses("ping");
    await told;
  }
  assert.equal(await member.page.evaluate(() => String(getSelection())), "/ping");
  assert.equal(await traces.locator(".trace").count(), 1);
  await member.page.evaluate(() => getSelection().removeAllRanges());
  await other.uses("ping");
  await traces.locator(".trace").nth(3).waitFor();
});
