"""Starts and stops programs on 127.0.0.1."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import urllib.request

from told import Failed, wait_until

# Other variables are not passed on, so that none leads to a real AWS account or through a proxy.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "CARGO_HOME", "CARGO_TARGET_DIR", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN")

# Requests to this machine bypass proxies.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Machine:
    def __init__(self, folder):
        self.folder = folder
        self.programs = []
        for name in ("home", "tmp"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Stops all programs and their children, by process id; signals are ignored meanwhile."""
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, signal.SIG_IGN)
        for _, program in reversed(self.programs):
            end(program)

    def environment(self, **more):
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        own = {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp")}
        return passed_on | own | more

    def start(self, name, arguments, ready, **variables):
        """Starts a program in the background, and waits until the URL `ready` responds."""
        with open(self.log(name), "wb") as log:
            program = subprocess.Popen(
                arguments,
                env=self.environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C is ours, and its children can be ended with it
            )
        self.programs.append((name, program))
        wait_until(lambda: answers(ready) or has_ended(name, program), 60, f"{name} does not answer at {ready}")

    def run(self, name, arguments, **variables):
        """Runs a program; fails unless it exits with 0."""
        with open(self.log(name), "ab") as log:
            done = subprocess.run(
                arguments, env=self.environment(**variables), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        if done.returncode != 0:
            raise Failed(f"{pathlib.Path(arguments[0]).name} ended with {done.returncode}\n{self.tail(name)}")

    def log(self, name):
        return self.folder / f"{name}.log"

    def tail(self, name):
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-30:])

    def logs(self):
        return [(f"{name}'s output", self.tail(name).splitlines()) for name, _ in self.programs]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answers(url):
    try:
        with DIRECTLY.open(url, timeout=2):
            return True
    except OSError:
        return False


def has_ended(name, program):
    if program.poll() is not None:
        raise Failed(f"{name} ended with {program.returncode} instead of starting")
    return False


def end(program):
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(program.pid, kind)
            program.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            pass
