"""The simulated Discord: sets the endpoint, and types commands as a member."""

import json
import time
import urllib.error
import urllib.request

from machine import DIRECTLY, free_port
from told import Failed


def ask(method, url, body=None, headers=None):
    """Returns status and body; an error status does not raise."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | (headers or {})
    try:
        with DIRECTLY.open(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


class Discord:
    def __init__(self, port):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.weather = f"{self.url}/open-meteo"
        status = json.loads(ask("GET", f"{self.url}/local/status")[1])
        self.public_key = status["public_key"]
        self.application = status["application_id"]
        self.token = status["bot_token"]

    @classmethod
    def start(cls, machine, steward):
        port = free_port()
        machine.start("steward", [steward, "up", "--memory", "--no-heartbeat", "--port", str(port)], f"http://127.0.0.1:{port}/healthz")
        return cls(port)

    def deliver_to(self, endpoint):
        """Sets the endpoint, as in the developer portal; Discord checks it with a PING and bad signatures."""
        status, body = ask(
            "PATCH",
            f"{self.url}/api/v10/applications/@me",
            {"interactions_endpoint_url": endpoint},
            {"Authorization": f"Bot {self.token}", "User-Agent": "DiscordBot (https://steward.invalid, 0)"},
        )
        if status != 200:
            raise Failed(f"Discord does not take the endpoint: {body.decode()}")

    def types(self, line):
        """Types a line as a member. Returns what the member sees until it is settled."""
        say = {"user": "Bartholomew Finch", "channel": "general", "line": line}
        status, body = ask("POST", f"{self.url}/local/say", say)
        if status != 200:
            raise Failed(f"`{line}` cannot be typed: {body.decode()}")
        return Seen(line, self.until_settled(json.loads(body)["id"]))

    def until_settled(self, interaction):
        steps, end = 0, time.monotonic() + 60
        while time.monotonic() < end:
            view = json.loads(ask("GET", f"{self.url}/local/interactions/{interaction}?after={steps}")[1])
            if view["settled"]:
                return view
            steps = len(view["steps"])
        raise Failed(f"nothing more was seen of {interaction} for a minute: {view}")


class Seen:
    """What a member saw after typing a line."""

    def __init__(self, line, view):
        self.line = line
        self.failed = view["failed"]
        self.steps = [step["what"] for step in view["steps"]]
        self.text = "\n".join(line for step in view["steps"] for line in step["lines"])
        self.ms = view["steps"][-1]["ms"] if view["steps"] else 0

    def __str__(self):
        return f"`{self.line}` was seen as {self.steps}:\n{self.text}"
