// A small interactions bot: it needs Node 20 and no package. It knows nothing of the simulated Discord:
// with other values in the environment it runs against the real one.
//
//   DISCORD_API     https://discord.com/api/v10, or http://127.0.0.1:7800/api/v10
//   APPLICATION_ID  PUBLIC_KEY  BOT_TOKEN     of the application
//   PORT            where it takes interactions, 0 for any free port
//   ENDPOINT        where Discord reaches it, if not at http://127.0.0.1:PORT/

import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const { DISCORD_API, APPLICATION_ID, PUBLIC_KEY, BOT_TOKEN, PORT = "0", ENDPOINT } = process.env;

// https://discord.com/developers/docs/interactions/receiving-and-responding
const PING = 1, COMMAND = 2, COMPONENT = 3;
const PONG = 1, MESSAGE = 4, DEFERRED_MESSAGE = 5, UPDATE_MESSAGE = 7;
const EPHEMERAL = 1 << 6;

const COMMANDS = [
  { name: "roll", description: "Roll a die" },
  { name: "report", description: "A report that takes a moment" },
  { name: "vote", description: "Ask everybody" },
  { name: "essay", description: "More than fits into a message: a mistake, for the test" },
];

/** The DER prefix (SPKI) of a 32-byte Ed25519 public key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const key = createPublicKey({
  key: Buffer.concat([SPKI, Buffer.from(PUBLIC_KEY, "hex")]), format: "der", type: "spki",
});

function isSigned(headers, body) {
  const signature = Buffer.from(headers["x-signature-ed25519"] ?? "", "hex");
  const signed = Buffer.concat([Buffer.from(headers["x-signature-timestamp"] ?? ""), body]);
  return signature.length === 64 && verify(null, signed, key, signature);
}

async function rest(method, path, body) {
  const response = await fetch(`${DISCORD_API}${path}`, {
    method,
    headers: {
      authorization: `Bot ${BOT_TOKEN}`,
      "content-type": "application/json",
      "user-agent": "DiscordBot (https://example.invalid, 1)",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function answer(interaction) {
  const { type, data, message } = interaction;
  if (type === PING) return { type: PONG };
  if (type === COMPONENT && data.custom_id === "yes") {
    const votes = Number(message.content.match(/\d+/)[0]) + 1;
    return { type: UPDATE_MESSAGE, data: poll(votes) };
  }
  if (type !== COMMAND) return say("I do not know that.", EPHEMERAL);
  switch (data.name) {
    case "roll": return say(`You rolled ${1 + Math.floor(Math.random() * 6)}.`);
    case "vote": return { type: MESSAGE, data: poll(0) };
    case "essay": return say("x".repeat(2001));
    case "report":
      report(interaction).catch((error) => console.error(error));
      return { type: DEFERRED_MESSAGE };
    default: return say("I do not know this command.", EPHEMERAL);
  }
}

function say(content, flags = 0) {
  return { type: MESSAGE, data: { content, flags } };
}

function poll(votes) {
  const button = { type: 2, style: 1, label: "Yes", custom_id: "yes" };
  return { content: `Votes: ${votes}`, components: [{ type: 1, components: [button] }] };
}

/** The real work would be here. The webhook exists only a moment after the response, so a 404 is retried. */
async function report({ token }) {
  const path = `/webhooks/${APPLICATION_ID}/${token}/messages/@original`;
  for (let attempt = 1; ; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    try {
      return await rest("PATCH", path, { content: "The report: all is well." });
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  if (!isSigned(request.headers, body)) return response.writeHead(401).end();
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer(JSON.parse(body))));
});
server.listen(Number(PORT), "127.0.0.1");
await once(server, "listening");
await rest("PUT", `/applications/${APPLICATION_ID}/commands`, COMMANDS);
// Discord checks the URL with a PING and badly signed requests before it accepts it.
const url = ENDPOINT ?? `http://127.0.0.1:${server.address().port}/`;
await rest("PATCH", "/applications/@me", { interactions_endpoint_url: url });
console.log(`ready at ${url}`);
