// @discordjs/rest with the simulated Discord: commands, messages, files, errors and rate limits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { DiscordAPIError, RESTEvents } from "@discordjs/rest";
import { ApplicationCommandType, MessageFlags, Routes } from "discord-api-types/v10";
import { channel, rest, status, writeBesideTheLibrary } from "./steward.js";

const application = status.application_id;

test("guild commands are overwritten, read and deleted", async () => {
    const client = rest();
    const route = Routes.applicationGuildCommands(application, status.guilds[0].id);
    const body = [
        { name: "greet", description: "Greet", name_localizations: { de: "grüße" } },
        { name: "Report", type: ApplicationCommandType.Message },
    ];
    const told = await client.put(route, { body });
    assert.deepEqual(told.map(({ name, type, description }) => [name, type, description]), [
        ["greet", ApplicationCommandType.ChatInput, "Greet"],
        ["Report", ApplicationCommandType.Message, ""],
    ]);
    const query = new URLSearchParams({ with_localizations: "true" });
    const [greet] = await client.get(route, { query });
    assert.deepEqual([greet.id, greet.version], [told[0].id, told[0].version]);
    assert.deepEqual(greet.name_localizations, { de: "grüße" });
    await client.delete(Routes.applicationGuildCommand(application, status.guilds[0].id, greet.id));
    assert.deepEqual((await client.get(route)).map(({ name }) => name), ["Report"]);
    assert.deepEqual(await client.put(route, { body: [] }), []);
});

test("a message is written, edited, read and deleted", async () => {
    const client = rest();
    const route = Routes.channelMessages(channel("general"));
    const embeds = [{ title: "Sun", fields: [{ name: "a", value: "b" }] }];
    const written = await client.post(route, { body: { content: "hello", embeds } });
    assert.deepEqual([written.content, written.author.id, written.edited_timestamp], ["hello", application, null]);
    assert.deepEqual(written.embeds[0].fields, [{ name: "a", value: "b", inline: false }]);
    const one = Routes.channelMessage(channel("general"), written.id);
    const edited = await client.patch(one, { body: { content: "bye" } });
    assert.equal(edited.content, "bye");
    assert.ok(Date.parse(edited.edited_timestamp) >= Date.parse(written.timestamp));
    assert.deepEqual(await client.get(one), edited);
    assert.equal((await client.delete(one)).byteLength, 0);
    await assert.rejects(client.get(one), { status: 404, code: 10008, message: "Unknown Message" });
});

test("files go as multipart, and an edit keeps those that it lists", async () => {
    const client = rest();
    const files = ["here", "there"].map((text) => ({ name: `${text}.txt`, data: Buffer.from(text) }));
    const body = { content: "two files", attachments: [{ id: 0, description: "where" }, { id: 1 }] };
    const sent = await client.post(Routes.channelMessages(channel("general")), { body, files });
    const sizes = sent.attachments.map(({ filename, size }) => [filename, size]);
    assert.deepEqual(sizes, [["here.txt", 4], ["there.txt", 5]]);
    assert.equal(sent.attachments[0].description, "where");
    assert.equal(await (await fetch(sent.attachments[1].url)).text(), "there");
    const edited = await client.patch(Routes.channelMessage(channel("general"), sent.id), {
        body: { attachments: [{ id: sent.attachments[1].id }, { id: 0 }] },
        files: [{ name: "new.bin", data: Buffer.from([1, 2, 3]), contentType: "application/octet-stream" }],
    });
    assert.deepEqual(edited.attachments.map(({ filename }) => filename), ["there.txt", "new.bin"]);
});

test("a bad body is refused with the tree that the library shows", async () => {
    const refused = rest().post(Routes.channelMessages(channel("general")), { body: { content: "x".repeat(2001) } });
    await assert.rejects(refused, (error) => {
        assert.ok(error instanceof DiscordAPIError);
        assert.deepEqual([error.status, error.code], [400, 50035]);
        assert.match(error.message, /content\[BASE_TYPE_MAX_LENGTH\]: Must be 2000 or fewer in length\./);
        return true;
    });
});

test("from the headers the library learns to wait before it is refused", async () => {
    const client = rest();
    const body = { content: "react", flags: MessageFlags.SuppressNotifications };
    const { id } = await client.post(Routes.channelMessages(channel("general")), { body });
    const react = (emoji) =>
        client.put(Routes.channelMessageOwnReaction(channel("general"), id, encodeURIComponent(emoji)));
    // From the first response, the library uses only the name of the bucket.
    await react("🎲");
    await setTimeout(300);
    const { waits, refusals } = watch(client);
    for (const emoji of ["🎯", "🎳", "🎨"]) await react(emoji);
    const message = await client.get(Routes.channelMessage(channel("general"), id));
    const seen = message.reactions.map(({ emoji, count, me }) => [emoji.name, count, me]);
    assert.deepEqual(seen, ["🎲", "🎯", "🎳", "🎨"].map((emoji) => [emoji, 1, true]));
    assert.deepEqual(waits.map(({ limit, global }) => [limit, global]), [[1, false], [1, false]]);
    assert.deepEqual(refusals, []);
});

test("a 429 of scope user is waited out, and the call succeeds", async () => {
    const client = rest();
    const { waits, refusals } = watch(client);
    const other = status.guilds[1].channels.find(({ type }) => type === 0).id;
    for (let number = 0; number < 5; number += 1) {
        assert.equal((await writeBesideTheLibrary(other, `before ${number}`)).status, 200);
    }
    const written = await client.post(Routes.channelMessages(other), { body: { content: "after all" } });
    assert.equal(written.content, "after all");
    assert.deepEqual(refusals, ["user"]);
    assert.equal(waits.length, 1);
    const [{ scope, global, method, retryAfter }] = waits;
    assert.deepEqual([scope, global, method], ["user", false, "POST"]);
    assert.ok(retryAfter > 0 && retryAfter <= 5100, `${retryAfter}`);
});

/** The waits that the library reports, and the scopes of its 429 responses. */
function watch(client) {
    const [waits, refusals] = [[], []];
    client.on(RESTEvents.RateLimited, (wait) => waits.push(wait));
    client.on(RESTEvents.Response, (_, response) => {
        if (response.status === 429) refusals.push(response.headers.get("x-ratelimit-scope"));
    });
    return { waits, refusals };
}
