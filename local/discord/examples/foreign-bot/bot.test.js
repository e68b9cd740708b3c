// Tests the bot with a simulated Discord: members use its commands, and see what they would see on Discord.
//
//   cargo build --package steward-local-discord --bin discord-sim
//   DISCORD_SIM=target/debug/discord-sim node --test local/discord/examples/foreign-bot/bot.test.js

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

const MEMBER = "Bartholomew Finch", OTHER = "Zdenka Vlasak", CHANNEL = "general";
const started = [];
let discord;

/** Starts a program. Returns the first line that it prints. */
async function start(program, args, env) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${program} ended without a word`);
}

before(async () => {
  discord = JSON.parse(await start(process.env.DISCORD_SIM ?? "discord-sim", ["--port", "0", "--json"]));
  const line = await start(process.execPath, [new URL("bot.js", import.meta.url).pathname], {
    DISCORD_API: `${discord.url}/api/v10`,
    APPLICATION_ID: discord.application_id,
    PUBLIC_KEY: discord.public_key,
    BOT_TOKEN: discord.bot_token,
  });
  assert.match(line, /^ready at /);
});

after(() => started.forEach((child) => child.kill()));

async function local(path, body) {
  const post = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${discord.url}/local${path}`, post);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.error}`);
  return answer;
}

/** What the member has seen when the interaction is settled. */
async function settled({ id }) {
  for (let view = { settled: false, steps: [] }; ;) {
    view = await local(`/interactions/${id}?after=${view.steps.length}`);
    if (view.settled) return view;
  }
}

const say = (line, user = MEMBER) => local("/say", { user, channel: CHANNEL, line });
const whatHappened = (view) => view.steps.map((step) => step.what);

test("a command is answered at once", async () => {
  const view = await settled(await say("/roll"));
  assert.deepEqual(whatHappened(view), ["answered"]);
  assert.match(view.steps[0].lines[0], /^You rolled [1-6]\.$/);
});

test("a deferred command says that it is thinking, and is edited", async () => {
  const view = await settled(await say("/report"));
  assert.deepEqual(whatHappened(view), ["thinking…", "edited"]);
  assert.deepEqual(view.steps[1].lines, ["The report: all is well."]);
});

test("a button changes its message for everybody", async () => {
  const asked = await settled(await say("/vote"));
  const message = asked.steps[0].step.message.id;
  for (const user of [MEMBER, OTHER]) {
    const pressed = await settled(await local("/press", { user, message, custom_id: "yes" }));
    assert.deepEqual(whatHappened(pressed), ["updated"]);
  }
  const seen = await local(`/messages?${new URLSearchParams({ user: OTHER, channel: CHANNEL })}`);
  assert.equal(seen.find((one) => one.id === message).content, "Votes: 2");
  await assert.rejects(local("/press", { user: MEMBER, message, custom_id: "no" }), /has no button `no`/);
});

test("an answer that Discord would not take is refused, and the reason can be read", async () => {
  const view = await settled(await say("/essay"));
  assert.equal(view.failed, true);
  assert.deepEqual(whatHappened(view), ["The application did not respond"]);
  assert.match(view.steps[0].lines[0], /2000/);
  assert.equal((await local("/refusals")).length, 1);
});
