// A test has its own steward, in memory, and an isolated browser context for each person. It fails at the end if a
// window logged an error, or sent a request to another server.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { chromium } from "playwright-core";
import { Person } from "./person.mjs";

const { CHROMIUM, STEWARD, STEWARD_BROWSER: FOLDER } = process.env;

// Without sandbox, which refuses to run as root. Only our own page is opened.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update"];
const WIDE = { width: 1440, height: 900 };
/** The timeout of waits, enough for a busy machine. */
const PATIENCE_MS = 30_000;
/** The timeout of a test. */
const LONGEST_MS = 300_000;

export const inFolder = (name) => join(FOLDER, name);
const fileName = (sentence) => sentence.replace(/\W+/g, "-").toLowerCase();

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET }); });
after(() => browser?.close());

/** `flags` are for steward; `play` gets the app and Node's test context. */
export function scenario(sentence, play, flags = []) {
  test(sentence, { timeout: LONGEST_MS }, async (context) => {
    const app = await TestApp.open(fileName(sentence), flags);
    try {
      await play(app, context);
      assert.deepEqual(app.complaints, [], "a window complained");
    } catch (error) {
      await app.photographAll(fileName(sentence));
      throw error;
    } finally {
      await app.close();
    }
  });
}

export class TestApp {
  /** Logged errors, requests to other servers, and violations of the Content-Security-Policy. */
  complaints = [];
  #windows = [];

  static async open(name, flags) {
    const log = openSync(inFolder(`${name}.log`), "w");
    const app = new TestApp();
    app.process = spawn(STEWARD, ["--memory", "--port", "0", "--until-stdin-ends", ...flags], { stdio: ["pipe", "pipe", log] });
    for await (const line of createInterface({ input: app.process.stdout })) {
      app.url = line.match(/running at (http:\S+)/)?.[1];
      if (app.url) return app;
    }
    throw new Error(`steward did not start: ${inFolder(`${name}.log`)}`);
  }

  /** Opens a browser context for a person, in the channel of that name or in the first one. */
  async enter(username, { channel, viewport = WIDE, colorScheme = "dark", locale = "en-GB" } = {}) {
    const context = await browser.newContext({ viewport, colorScheme, locale });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#windows.push(context);
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== this.url) this.complaints.push(`asked ${request.url()}`);
    });
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
    await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
    const person = new Person(await context.newPage(), this.url);
    await person.opens(`/@${username}`);
    if (channel) await person.goesTo(channel);
    return person;
  }

  /** Changes settings of fault injection. */
  turns(knobs) {
    return this.ask("/page/drawer/knobs", knobs);
  }

  /** Advances the stack's clock. */
  moves(seconds) {
    return this.ask("/page/drawer/clock", { seconds });
  }

  /** Advances the clock by a few seconds until the condition holds. */
  async movesUntil(sentence, isSo) {
    for (let moves = 0; moves < 600; moves += 1) {
      if (await isSo()) return;
      await this.moves(2);
      await delay(50);
    }
    assert.fail(`in vain was waited until ${sentence}`);
  }

  /** The bot sends a direct message by REST. */
  async tells(person, message) {
    const { bot_token } = await this.ask("/local/status");
    const headers = { authorization: `Bot ${bot_token}`, "user-agent": "DiscordBot (https://localhost, 1)" };
    const recipient_id = await person.page.evaluate(() => document.body.dataset.person);
    const { id } = await this.ask("/api/v10/users/@me/channels", { recipient_id }, headers);
    return this.ask(`/api/v10/channels/${id}/messages`, message, headers);
  }

  async queue(name) {
    const { queues } = await this.ask("/local/status");
    return queues.find((queue) => queue.name === name);
  }

  async ask(path, body, headers) {
    const init = body && { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, init);
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response.json();
  }

  async photographAll(name) {
    const pages = this.#windows.flatMap((context) => context.pages());
    await Promise.all(pages.map((page, index) =>
      page.screenshot({ path: inFolder(`failed-${name}-${index}.png`) }).catch(() => {})));
  }

  async close() {
    try {
      await Promise.all(this.#windows.map((context) => context.close()));
    } finally {
      const { exitCode, signalCode } = this.process;
      // One that has died has told so already.
      const ended = exitCode === null && signalCode === null && once(this.process, "exit");
      this.process.kill();
      await ended;
    }
  }
}
