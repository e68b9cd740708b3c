// A direct message of the bot.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";
import { Look } from "./look.mjs";

scenario("a direct message of the application appears at once, and its poll can be read", async (app) => {
  const member = await app.enter("zdenka.vlasak");
  const look = new Look(member, "dark-wide");
  await member.page.getByRole("link", { name: "Direktnachrichten" }).click();
  await member.page.getByRole("heading", { name: "Steward" }).first().waitFor();
  await app.tells(member, { poll: {
    question: { text: "Where shall we meet on Sunday?" }, duration: 24,
    answers: [{ poll_media: { text: "At the mill", emoji: { name: "🌲" } } }, { poll_media: { text: "At the station" } }],
  } });
  const poll = await member.sees("Where shall we meet");
  await poll.getByText("At the station").waitFor();
  await look.at("direct-message");
  assert.deepEqual(look.findings, []);
});
