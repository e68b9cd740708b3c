// The composer: text after a command, mentions, and values that cannot be sent.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

scenario("words behind the name of a command go into its first option, and are not lost", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.writes("/weather ");
  await member.page.locator(".filled-name").waitFor();
  await member.types("Paris");
  await member.offered("place: Paris").waitFor();
  await member.presses("Enter");
  await member.offered("Paris, Texas").waitFor();
  await member.presses("ArrowDown", "Enter", "Enter");
  await member.sees("Next hours");
  await member.sees("Paris, Texas");
});

scenario("a whole line can be pasted, with its options", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.line.fill("/weather place:Paris units:imperial");
  await member.page.locator("#option-units").waitFor();
  assert.equal(await member.page.locator("#option-place").inputValue(), "Paris");
  assert.equal(await member.page.locator("#option-units").inputValue(), "°F");
  await member.sends();
  await member.sees("°F, ");
});

scenario("words that belong to no option are not sent, and it is said why", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.picks("ping");
  await member.types("everybody");
  await member.presses("Enter");
  await member.note.getByText("“everybody” belongs to no option.").waitFor();
  await member.clicks("Send");
  await member.note.getByText("belongs to no option").waitFor();
  assert.equal(await member.messages.count(), 0);
});

scenario("@ offers people and # offers channels, and both arrive as mentions", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const other = await app.enter("ottilie.quandt");
  await member.writes("Ask @ott");
  await member.offered("Ottilie Quandt").waitFor();
  await member.presses("Enter");
  await member.types("in #weat");
  await member.offered("#weather").waitFor();
  await member.presses("Enter");
  assert.equal(await member.line.inputValue(), "Ask @Ottilie Quandt in #weather ");
  await member.presses("Enter");
  const seen = await other.sees("Ask @Ottilie Quandt in");
  await other.page.locator(".message.mentioned").waitFor();
  await seen.locator(".mention").nth(1).click();
  await other.page.getByRole("heading", { name: "weather" }).first().waitFor();
});
