// An application in Node: it verifies Discord's signature, and responds as the test demands.

import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** The DER prefix (SPKI) of a 32-byte Ed25519 public key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export class Bot {
    /** The interactions received, without PINGs. */
    received = [];
    pings = 0;
    forged = 0;

    static async start(publicKey, answer) {
        const bot = new Bot();
        bot.key = createPublicKey({
            key: Buffer.concat([SPKI, Buffer.from(publicKey, "hex")]),
            format: "der",
            type: "spki",
        });
        bot.answer = answer;
        bot.server = createServer((request, response) => bot.#serve(request, response));
        bot.server.listen(0, "127.0.0.1");
        await once(bot.server, "listening");
        bot.url = `http://127.0.0.1:${bot.server.address().port}/interactions`;
        return bot;
    }

    stop() {
        this.server.close();
        this.server.closeAllConnections();
    }

    async #serve(request, response) {
        const body = Buffer.concat(await request.toArray());
        if (!this.#isSigned(request.headers, body)) {
            this.forged += 1;
            return response.writeHead(401).end();
        }
        const interaction = JSON.parse(body);
        if (interaction.type === 1) {
            this.pings += 1;
            return json(response, { type: 1 });
        }
        this.received.push(interaction);
        const answer = await this.answer(interaction);
        return answer ? json(response, answer) : response.writeHead(202).end();
    }

    #isSigned(headers, body) {
        const signature = Buffer.from(headers["x-signature-ed25519"] ?? "", "hex");
        const signed = Buffer.concat([Buffer.from(headers["x-signature-timestamp"] ?? ""), body]);
        return verify(null, signed, this.key, signature);
    }
}

function json(response, body) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
