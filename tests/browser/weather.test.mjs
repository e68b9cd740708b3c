// A deferred command, from the palette to a button of its reply.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

scenario("a member finds the weather in the palette, sees thinking, then the card, and presses its button", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const other = await app.enter("ottilie.quandt");
  await member.writes("/wea");
  assert.deepEqual((await member.offers())[0], "/weather");
  await member.presses("Enter");
  await member.fills("place", "Par", "Paris, Île-de-France");
  await app.turns({ latency_ms: 1500 });
  await Promise.all([member.sees("Steward is thinking…"), other.sees("Steward is thinking…"), member.sends()]);
  const card = await member.sees("Next hours");
  await card.getByText("Paris, Île-de-France, France").waitFor();
  await app.turns({ latency_ms: 0 });
  await member.clicks("°F", card);
  await member.sees("°F, ");
  assert.equal(await other.message("Paris").locator(".thinking").count(), 0);
});

scenario("a forecast that is known is answered at once", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.asksForTheWeather("Oslo");
  await member.sees("Next hours");
  await member.asksForTheWeather("Oslo");
  await member.messages.filter({ hasText: "Next hours" }).nth(1).waitFor();
});
