// Context menus of users and messages, with the application's commands.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

scenario("the quantities of a message are converted from its context menu, then shown to everybody", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const other = await app.enter("ottilie.quandt");
  await member.writes("It is 68 °F here.");
  await member.presses("Enter");
  const offered = await other.opensMenuOf((await other.sees("68 °F here")).locator(".text"));
  assert.ok(offered.some((item) => item.includes("Convert units")), offered.join());
  await other.takes("Convert units");
  const converted = await other.sees("20 °C");
  await converted.getByText("Only you can see this").waitFor();
  assert.equal(await member.message("20 °C").count(), 0);
  await other.clicks("Show to everyone", converted);
  await member.sees("20 °C");
});

scenario("a command is used on a person of the member list, and a person is mentioned", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const other = await app.enter("ottilie.quandt");
  const inTheList = (who) => member.page.locator("#people .member", { hasText: who });
  await member.opensMenuOf(inTheList("Zdenka"));
  await member.takes("Weather at home");
  await member.sees("Only you can see this");
  await member.opensMenuOf(inTheList("Ottilie"));
  await member.takes("Mention");
  await member.presses("Enter");
  await member.page.locator("#messages .mention", { hasText: "Ottilie Quandt" }).waitFor();
  await other.page.locator(".message.mentioned").waitFor();
});
