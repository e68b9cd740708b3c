// In a narrow window, channels and members slide in from the sides, and everything stays usable.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

const viewport = { width: 420, height: 800 };

scenario("in a narrow window one changes the channel, uses a command and sees who is here", async (app) => {
  const member = await app.enter("bartholomew_finch", { viewport });
  await member.clicks("Channels");
  await member.page.getByRole("link", { name: "weather" }).click();
  await member.page.getByRole("heading", { name: "weather" }).first().waitFor();
  await member.asksForTheWeather("Oslo");
  await member.sees("Next hours");
  await member.clicks("Members");
  await member.page.getByRole("button", { name: "Leocadia Brandt" }).waitFor();
  await member.presses("Escape");
  const wider = await member.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `the page is ${wider} px wider than its window`);
});
