// The keyboard alone: no click, and no pointer, through whole commands.

import assert from "node:assert/strict";
import { scenario } from "./house.mjs";

const focused = (person) => person.page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());

/** Tab until what has the focus says so. */
async function tabsTo(person, words, key = "Tab") {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(person)).startsWith(words)) return;
    await person.presses(key);
  }
  assert.fail(`nothing says ${words}`);
}

scenario("a command is found, filled in, sent, and a button of its card pressed, by keyboard alone", async (house) => {
  const member = await house.enter("bartholomew_finch");
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

scenario("a form is opened, filled in and sent by keyboard alone", async (house) => {
  const owner = await house.enter("ottilie.quandt");
  await owner.uses("settings");
  await owner.sees("Settings of this server");
  await tabsTo(owner, "Edit…", "Shift+Tab");
  await owner.presses("Enter");
  await owner.modal.getByLabel("Time zone").waitFor();
  await tabsTo(owner, "field-time_zone");
  await owner.types("Europe/Berlin");
  await owner.presses("Enter");
  await owner.sees("Time zone → Europe/Berlin");
});

scenario("a message's menu and the drawer are reached by keyboard alone", async (house) => {
  const member = await house.enter("bartholomew_finch");
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
  await member.drawer.getByText("Environments").waitFor();
  await member.presses("Escape");
  await member.drawer.waitFor({ state: "hidden" });
});
