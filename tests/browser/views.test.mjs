// Every view of the page, dark and light, wide and narrow: screenshots, and no serious finding of axe-core.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";
import { Look } from "./look.mjs";

const NARROW = { width: 420, height: 900 };

for (const colorScheme of ["dark", "light"]) {
  for (const viewport of [undefined, NARROW]) {
    const name = `${colorScheme}-${viewport ? "narrow" : "wide"}`;
    scenario(`every view can be read and used by everybody, ${name}`, async (app) => {
      const owner = await app.enter("ottilie.quandt", { colorScheme, viewport });
      const look = new Look(owner, name);
      await channel(app, owner, look);
      await composer(owner, look);
      await settings(owner, look);
      await menus(owner, look);
      await refusals(app, owner, look);
      await drawer(owner, look);
      await elsewhere(owner, look, Boolean(viewport));
      assert.deepEqual(look.findings, []);
    });
  }
}

async function channel(app, owner, look) {
  const member = await app.enter("bartholomew_finch");
  await member.writes("It is 68 °F here, and we walked 5 miles. ||Guess **where**||");
  await member.presses("Enter");
  await member.asksForTheWeather("Paris", "Paris, Île-de-France");
  await owner.sees("Next hours");
  await owner.writes("Lovely.");
  await owner.presses("Enter");
  await owner.sees("Lovely.");
  await look.at("channel");
  await owner.uses("ping");
  await owner.sees("Only you can see this");
  await look.at("private");
}

async function composer(owner, look) {
  await owner.writes("/");
  await owner.offered().waitFor();
  await look.at("palette");
  await owner.presses("Escape", "Backspace");
  await owner.picks("weather");
  await look.at("options");
  await owner.fills("place", "Par");
  await owner.offered("Paris, Île-de-France").waitFor();
  await look.at("autocomplete");
  await owner.presses("Escape", "Escape");
  await owner.line.fill("");
}

async function settings(owner, look) {
  await owner.uses("settings");
  const panel = await owner.sees("Settings for this server");
  await look.at("settings");
  await panel.getByRole("combobox").nth(1).click();
  await panel.getByRole("option").first().waitFor();
  await look.at("select");
  await owner.presses("Escape");
  await owner.clicks("Edit…", panel);
  await owner.modal.getByRole("button", { name: "Submit" }).waitFor();
  await look.at("modal");
  await owner.presses("Escape");
}

async function menus(owner, look) {
  await owner.opensMenuOf(owner.message("68 °F").locator(".text"));
  await look.at("menu-message");
  await owner.presses("Escape");
  await owner.opensMenuOf(owner.message("68 °F").locator("button.author"));
  await look.at("menu-person");
  await owner.presses("Escape");
  await owner.page.locator("#persons summary").click();
  await look.at("persons");
  await owner.presses("Escape");
}

async function refusals(app, owner, look) {
  await app.turns({ drop_percent: 100 });
  await owner.uses("ping");
  await owner.sees("The application did not respond");
  await app.turns({ drop_percent: 0, fail_webhooks: 500 });
  await owner.asksForTheWeather("Oslo");
  await owner.sees("Steward is thinking…");
  await look.at("refused");
}

async function drawer(owner, look) {
  const tabs = await owner.drawer.getByRole("tab", { includeHidden: true }).evaluateAll((all) => all.map((it) => it.dataset.tab));
  for (const tab of tabs) {
    const body = await owner.opensDrawer(tab);
    if (["interactions", "calls"].includes(tab)) await body.locator("summary").first().click();
    await look.at(`drawer-${tab}`);
  }
  await owner.closesDrawer();
}

async function elsewhere(owner, look, isNarrow) {
  if (isNarrow) {
    await owner.clicks("Channels");
    await look.at("channels");
    await owner.presses("Escape");
    await owner.clicks("Members");
    await look.at("members");
    await owner.presses("Escape");
  }
  await owner.goesTo("weather");
  await look.at("empty");
}
