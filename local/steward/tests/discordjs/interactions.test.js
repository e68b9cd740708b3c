// A bot in Node sets the endpoint, and responds to interactions inline and by @discordjs/rest.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { InteractionResponseType, MessageFlags, MessageType, Routes } from "discord-api-types/v10";
import { Bot } from "./bot.js";
import { rest, say, seen, status } from "./steward.js";

const application = status.application_id;
const client = rest();
let bot;
let endpoint;
let answer;

before(async () => {
    bot = await Bot.start(status.public_key, (interaction) => answer(interaction));
    endpoint = (await client.get("/applications/@me")).interactions_endpoint_url;
});

after(async () => {
    await client.patch("/applications/@me", { body: { interactions_endpoint_url: endpoint } });
    bot.stop();
});

test("an endpoint is taken when it answers PING and refuses a forged signature", async () => {
    const changed = await client.patch("/applications/@me", { body: { interactions_endpoint_url: bot.url } });
    assert.equal(changed.interactions_endpoint_url, bot.url);
    assert.equal(changed.verify_key, status.public_key);
    assert.equal(bot.pings, 1);
    assert.ok(bot.forged > 1, "forged in several ways");
    const nowhere = { interactions_endpoint_url: "http://127.0.0.1:9/" };
    await assert.rejects(client.patch("/applications/@me", { body: nowhere }), { status: 400, code: 50035 });
});

test("global commands are overwritten", async () => {
    const body = [{ name: "greet", description: "Greet", options: [{ type: 3, name: "whom", description: "Whom" }] }];
    const [greet, ...others] = await client.put(Routes.applicationCommands(application), { body });
    assert.deepEqual([greet.name, greet.options, others], ["greet", body[0].options, []]);
});

test("a deferred interaction is edited with a file and followed up", async () => {
    answer = () => ({ type: InteractionResponseType.DeferredChannelMessageWithSource });
    const id = await say("/greet whom:all");
    assert.equal((await seen(id, 0)).steps[0].what, "thinking…");
    const interaction = bot.received.at(-1);
    assert.deepEqual([interaction.id, interaction.data.options[0].value], [id, "all"]);

    const original = Routes.webhookMessage(application, interaction.token);
    const files = [{ name: "card.txt", data: Buffer.from("hello all") }];
    const edited = await client.patch(original, { body: { content: "hello all" }, files, auth: false });
    assert.deepEqual([edited.type, edited.content], [MessageType.ChatInputCommand, "hello all"]);
    assert.equal(edited.attachments[0].filename, "card.txt");
    assert.equal(edited.interaction_metadata.id, id);
    assert.deepEqual(await client.get(original, { auth: false }), edited);

    const webhook = Routes.webhook(application, interaction.token);
    const body = { content: "and you", flags: MessageFlags.Ephemeral };
    const followUp = await client.post(webhook, { body, auth: false });
    assert.equal(followUp.flags, MessageFlags.Ephemeral);
    const one = Routes.webhookMessage(application, interaction.token, followUp.id);
    assert.equal((await client.patch(one, { body: { content: "too" }, auth: false })).content, "too");
    await client.delete(one, { auth: false });
    await assert.rejects(client.get(one, { auth: false }), { status: 404, code: 10008 });

    const view = await seen(id, 1);
    assert.deepEqual([view.settled, view.failed, view.steps[1].what], [true, false, "edited"]);
});

test("a callback over REST answers the interaction once", async () => {
    const done = new Promise((resolve) => {
        answer = async ({ id, token }) => {
            const body = { type: InteractionResponseType.ChannelMessageWithSource, data: { content: "at once" } };
            const query = new URLSearchParams({ with_response: "true" });
            resolve(await client.post(Routes.interactionCallback(id, token), { body, query, auth: false }));
        };
    });
    const id = await say("/greet");
    const { interaction, resource } = await done;
    assert.deepEqual([interaction.id, interaction.type], [id, 2]);
    assert.equal(resource.type, InteractionResponseType.ChannelMessageWithSource);
    assert.equal(resource.message.content, "at once");
    assert.equal(resource.message.id, interaction.response_message_id);
    const { token } = bot.received.at(-1);
    const body = { type: InteractionResponseType.DeferredChannelMessageWithSource };
    const again = client.post(Routes.interactionCallback(id, token), { body, auth: false });
    await assert.rejects(again, { status: 400, code: 40060 });
});
