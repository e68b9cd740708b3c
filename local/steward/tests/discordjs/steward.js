// Access to the running steward under test, as a member and by @discordjs/rest.

import { REST } from "@discordjs/rest";

const url = process.env.STEWARD_URL;

async function ask(path, body) {
    const headers = { "content-type": "application/json" };
    const post = body && { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/local${path}`, post);
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.error}`);
    return answer;
}

export const status = await ask("/status");

/** The unmodified library with another base URL. */
export function rest() {
    return new REST({ version: "10", api: `${url}/api` }).setToken(status.bot_token);
}

/** A text channel of the first guild. */
export function channel(name) {
    const found = status.guilds[0].channels.find((channel) => channel.name === name);
    if (!found) throw new Error(`there is no channel ${name}`);
    return found.id;
}

/** Types a line as a member. */
export async function say(line) {
    const { id } = await ask("/say", { user: "Bartholomew Finch", channel: "general", line });
    return id;
}

/** What the member sees when there are more than `after` steps, or the interaction is settled. */
export function seen(id, after) {
    return ask(`/interactions/${id}?after=${after}`);
}

/** Creates a message without the library, so that its rate limiter does not know of the request. */
export function writeBesideTheLibrary(channel, content) {
    return fetch(`${url}/api/v10/channels/${channel}/messages`, {
        method: "POST",
        headers: {
            authorization: `Bot ${status.bot_token}`,
            "content-type": "application/json",
            "user-agent": "DiscordBot (https://steward.invalid, 0)",
        },
        body: JSON.stringify({ content }),
    });
}
