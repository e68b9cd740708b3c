"""Sends the sample events to the deployed binaries, a hundred thousand to each, and checks that their memory stays flat.

The binaries run as on Lambda, against a Runtime API of this program; tables, queues and Discord are those of a running
`steward up`.
"""

import argparse
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

# The samples that are answered at once: what is deferred would measure the queue of the local stack.
SAMPLES = {
    "interactions": ["ping.json", "slash_ping.json", "autocomplete.json", "button.json", "bad_signature.json"],
    "jobs": ["jobs.json"],
    "health": ["healthz.json", "status.json"],
    "probe": ["heartbeat.json"],
}
# The heartbeat takes eight calls, each by HTTP.
SHARE = {"probe": 100}
WARM_UP = 1_000
# The allocator keeps some pages for later; more than this is growth.
ALLOWED_MIB = 1.0
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Lambda's Runtime API for one environment: hands out events and takes responses."""

    daemon_threads = True

    def __init__(self, events, count):
        super().__init__(("127.0.0.1", 0), Handler)
        self.events, self.count = events, count
        self.handed_out = 0
        self.failures = []
        self.at = {}  # the number of events -> what waits for it
        self.done = threading.Event()

    def mark(self, number):
        return self.at.setdefault(number, threading.Event())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A response in one packet, at once: each event would wait 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        api = self.server
        if api.handed_out in api.at:
            api.at[api.handed_out].set()
        if api.handed_out >= api.count:
            api.done.set()
            threading.Event().wait()
        event = api.events[api.handed_out % len(api.events)]
        api.handed_out += 1
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", f"00000000-0000-4000-8000-{api.handed_out:012x}")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 30) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:soak")
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)
        self.wfile.flush()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/error") or is_failure(body):
            self.server.failures.append(body[:300].decode(errors="replace"))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.flush()

    def log_message(self, *_):
        pass


def is_failure(body):
    response = json.loads(body)
    return response.get("statusCode", 200) >= 500 or bool(response.get("batchItemFailures")) or response.get("ok") is False


def soak(name, binary, variables, count):
    """Memory in MiB after the warm-up and at the end, and events a second."""
    events = [pathlib.Path("events", sample).read_bytes() for sample in SAMPLES[name]]
    api = RuntimeApi(events, count)
    warm = api.mark(min(WARM_UP, count // 2))
    threading.Thread(target=api.serve_forever, daemon=True).start()
    lambda_variables = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}", "AWS_LAMBDA_FUNCTION_NAME": name}
    lambda_variables |= {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "1"}
    begun = time.monotonic()
    process = subprocess.Popen([str(binary)], env=variables | lambda_variables, stdout=subprocess.DEVNULL)
    try:
        wait(warm, process, name)
        before = resident_mib(process.pid)
        wait(api.done, process, name)
        took, after = time.monotonic() - begun, resident_mib(process.pid)
    finally:
        process.kill()
        process.wait()
        api.shutdown()
    if api.failures:
        sys.exit(f"{name}: {len(api.failures)} events failed, the first with {api.failures[0]}")
    return before, after, count / took


def wait(event, process, name):
    while not event.wait(timeout=1):
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode}")


def resident_mib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start_stack(steward):
    port = free_port()
    arguments = [steward, "up", "--memory", "--no-heartbeat", "--no-limits", "--log", "off", "--port", str(port)]
    stack = subprocess.Popen([*arguments, "--until-stdin-ends"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for _ in range(300):
        try:
            DIRECTLY.open(f"http://127.0.0.1:{port}/healthz", timeout=2)
            lines = DIRECTLY.open(f"http://127.0.0.1:{port}/local/variables", timeout=5).read().decode().splitlines()
            return stack, dict(line.split("=", 1) for line in lines)
        except OSError:
            time.sleep(0.1)
    sys.exit("the stack did not start")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steward", required=True)
    parser.add_argument("--functions", required=True, type=pathlib.Path)
    parser.add_argument("--events", type=int, default=100_000)
    given = parser.parse_args()
    stack, variables = start_stack(given.steward)
    grown = []
    try:
        for name in SAMPLES:
            count = given.events // SHARE.get(name, 1)
            before, after, rate = soak(name, given.functions / name / "bootstrap", variables, count)
            print(f"{name:<14}{count:>8} events  {before:6.2f} MiB after {min(WARM_UP, count // 2):,}  {after:6.2f} MiB at the end  {rate:,.0f}/s", flush=True)
            if after > before + ALLOWED_MIB:
                grown.append(name)
    finally:
        stack.stdin.close()
        stack.wait()
    if grown:
        sys.exit(f"the memory of {', '.join(grown)} has grown")


if __name__ == "__main__":
    main()
