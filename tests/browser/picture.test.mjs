// Takes the screenshot of the README: a channel with messages of some members and Steward.

import { inFolder, scenario } from "./app.mjs";

scenario("a channel as it opens the README", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const owner = await app.enter("ottilie.quandt", { viewport: { width: 1280, height: 900 } });
  await member.writes("Who comes along for a walk this afternoon? About 5 miles.");
  await member.presses("Enter");
  await member.asksForTheWeather("Paris", "Paris, Île-de-France");
  await owner.sees("Next hours");
  await owner.writes("I do, if it stays dry. @bart");
  await owner.offered("Bartholomew").waitFor();
  await owner.presses("Enter", "Enter");
  await owner.page.locator("#messages .mention").waitFor();
  await owner.opensMenuOf(owner.message("About 5 miles").locator(".text"));
  await owner.takes("Convert units");
  await owner.sees("8 km");
  await owner.page.mouse.move(0, 0);
  await owner.line.focus();
  await owner.page.screenshot({ path: inFolder("playground.png"), animations: "disabled" });
});
