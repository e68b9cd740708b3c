// `/settings`: one person submits the modal, and others see the effect.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

scenario("what the owner saves in the form is seen by the second person, and obeyed", async (app) => {
  const owner = await app.enter("ottilie.quandt");
  const moderator = await app.enter("leocadia.brandt");
  await owner.uses("settings");
  await owner.clicks("Edit…", await owner.sees("Settings for this server"));
  await owner.modal.getByLabel("Imperial (°F, miles)").check();
  await owner.modal.getByLabel("Time zone").fill("Europe/Berlin");
  await owner.clicks("Submit", owner.modal);
  await owner.modal.waitFor({ state: "hidden" });
  await owner.sees("Units → Imperial");
  // Environments cache settings for half a minute.
  await app.moves(31);
  await moderator.asksForTheWeather("Oslo");
  await moderator.sees("°F, ");
  await owner.sees("°F, ");
});

scenario("a field that must be filled in says so, and the form stays open until it is", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.uses("weather");
  const place = member.modal.getByLabel("City or place");
  await place.waitFor();
  await member.clicks("Submit", member.modal);
  await member.modal.getByText("This field is required.").waitFor();
  await place.fill("Paris");
  await member.clicks("Submit", member.modal);
  await member.modal.waitFor({ state: "hidden" });
  await member.sees("Next hours");
});

scenario("a menu of the panel saves at once, and says who did it", async (app) => {
  const owner = await app.enter("ottilie.quandt");
  await owner.uses("settings");
  const panel = await owner.sees("Settings for this server");
  await panel.getByRole("combobox").first().click();
  await panel.getByRole("option", { name: "Deutsch" }).click();
  const saved = await owner.sees("Language → Deutsch");
  await saved.locator(".mention", { hasText: "Ottilie Quandt" }).waitFor();
});

scenario("a member without rights is not offered /settings", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const owner = await app.enter("ottilie.quandt");
  await member.writes("/");
  await owner.writes("/");
  assert.ok((await owner.offers()).includes("/settings"));
  assert.ok(!(await member.offers()).includes("/settings"));
  await member.types("settings");
  await member.page.getByText("No commands match").waitFor();
});
