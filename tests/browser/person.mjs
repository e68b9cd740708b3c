// A person's actions on the page, and waits for what they see. There are no fixed delays.

import assert from "node:assert/strict";

export class Person {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.line = page.locator("#line");
    this.messages = page.locator("#messages .message");
    this.modal = page.locator("#modal");
    this.drawer = page.locator("#drawer");
    this.context = page.locator("#context");
    this.note = page.locator("#composer-note");
  }

  async opens(path) {
    await this.page.goto(this.url + path);
    await this.page.locator("body.ready").waitFor();
  }

  async goesTo(channel) {
    const link = this.page.locator(".channel").filter({ has: this.page.getByText(channel, { exact: true }) });
    await this.opens(await link.getAttribute("href"));
  }

  // Keyboard.

  async types(text) {
    await this.page.keyboard.type(text);
  }

  async presses(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async writes(text) {
    await this.line.focus();
    await this.types(text);
  }

  // The palette.

  offered(text) {
    return this.page.locator("#palette-list .popup-entry", text ? { hasText: text } : {}).first();
  }

  async offers() {
    await this.offered().waitFor();
    return this.page.locator("#palette-list .popup-name").allTextContents();
  }

  /** Picks a command in the palette, ready to be filled in. */
  async picks(command) {
    await this.writes(`/${command}`);
    await this.page.locator('#palette-list [aria-selected="true"] .popup-name').getByText(`/${command}`, { exact: true }).waitFor();
    await this.presses("Enter");
    await this.page.locator(".filled-name").waitFor();
  }

  /** Types a value into an option, and accepts the suggestion if there is one. */
  async fills(option, value, suggested) {
    const pill = this.page.locator(`#option-${option}`);
    if (!(await pill.count())) {
      await this.page.locator(".add").focus();
      await this.types(option);
      await this.offered(option).waitFor();
      await this.presses("Enter");
    }
    await pill.focus();
    await this.types(value);
    if (!suggested) return;
    await this.offered(suggested).waitFor();
    await this.presses("Enter");
  }

  async sends() {
    await this.page.locator(".add").focus();
    await this.presses("Enter");
    await this.page.locator(".composer:not(.filling)").waitFor();
  }

  async uses(command) {
    await this.picks(command);
    await this.sends();
  }

  async asksForTheWeather(place, suggested = place) {
    await this.picks("weather");
    await this.fills("place", place, suggested);
    await this.sends();
  }

  // Messages.

  message(text) {
    return this.messages.filter({ hasText: text }).last();
  }

  async sees(text) {
    await this.message(text).waitFor();
    return this.message(text);
  }

  async doesNotSee(text) {
    await this.message(text).waitFor({ state: "detached" });
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name });
  }

  async clicks(name, within) {
    await this.button(name, within).last().click();
  }

  async opensMenuOf(target) {
    await target.click({ button: "right" });
    await this.context.getByRole("menuitem").first().waitFor();
    return this.context.getByRole("menuitem").allTextContents();
  }

  async takes(item) {
    await this.context.getByRole("menuitem", { name: item }).click();
  }

  // The inspector.

  async opensDrawer(tab) {
    if (await this.drawer.isHidden()) await this.page.locator("#drawer-opener").click();
    await this.page.locator(`#tab-${tab}`).click();
    await this.page.locator(`#drawer-body[aria-labelledby="tab-${tab}"] > *`).first().waitFor();
    return this.page.locator("#drawer-body");
  }

  async closesDrawer() {
    await this.page.locator("#drawer-opener").click();
    await this.drawer.waitFor({ state: "hidden" });
  }

  async turns(knob, value) {
    await this.opensDrawer("faults");
    const saved = this.page.waitForResponse((response) => response.url().endsWith("/page/drawer/knobs"));
    await this.page.locator(`#knob-${knob}`).fill(value);
    await this.presses("Tab");
    assert.equal((await saved).status(), 200);
  }

  async movesClock(by) {
    await this.opensDrawer("faults");
    const moved = this.page.waitForResponse((response) => response.url().endsWith("/page/drawer/clock"));
    await this.button(`+ ${by}`, this.drawer).click();
    assert.equal((await moved).status(), 200);
  }
}
