"""Sends interactions made from the samples in events/, signed with another key by `steward sign`."""

import base64
import json
import pathlib
import subprocess
import time

from discord import ask
from told import Failed

# The first test key pair of RFC 8032.
SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

MANAGE_GUILD = 1 << 5
DISCORD_EPOCH_MS = 1_420_070_400_000
SAMPLES = pathlib.Path("events/interactions")


def send(sample, data, account, given):
    """Sends a sample with other data, as a member who may manage the guild. Returns the response."""
    interaction = json.loads((SAMPLES / sample).read_text(encoding="utf-8"))
    interaction["data"] = data
    interaction["member"]["permissions"] = str(int(interaction["member"]["permissions"]) | MANAGE_GUILD)
    # The bot counts Discord's three seconds from the interaction's id.
    interaction["id"] = str((time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS) << 22)
    event = signed(interaction, given)
    body = base64.b64decode(event["body"]) if event.get("isBase64Encoded") else event["body"].encode()
    status, answer = ask("POST", account.endpoint(), body, event["headers"])
    if status != 200:
        raise Failed(f"{data} was answered with {status}: {answer.decode()}")
    return json.loads(answer)


def signed(interaction, given):
    file = given.folder / "interaction.json"
    file.write_text(json.dumps(interaction), encoding="utf-8")
    sign = [given.steward, "sign", str(file), "--key", SEED, "--as", "event"]
    return json.loads(subprocess.run(sign, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout)


def select_with(option, component):
    """The custom id of the select with an option, at any depth."""
    if isinstance(component, dict):
        if any(it.get("value") == option for it in component.get("options", [])):
            return component["custom_id"]
        component = list(component.values())
    found = [select_with(option, it) for it in component] if isinstance(component, list) else []
    return next((custom_id for custom_id in found if custom_id), None)
