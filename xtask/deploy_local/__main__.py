"""Deploys the built template to ministack on this machine, tests it from outside, and stops everything.

`cargo xtask deploy-local` starts it; docs/deploy-local.md says what is different from AWS.
"""

import argparse
import os
import pathlib
import signal
import sys
import threading
import time

from account import Account
from discord import Discord
from machine import Machine
from scenes import SCENES
from told import Failed, Told


def main():
    given = arguments()
    end_with_whoever_started_us()
    told = Told()
    with Machine(given.folder) as machine:
        account = discord = None
        try:
            account = told.step("ministack starts", lambda: Account.start(machine, given))
            discord = told.step("a simulated Discord starts", lambda: Discord.start(machine, given.steward))
            for scene in SCENES:
                told.step(scene.__doc__.splitlines()[0], lambda: scene(account, discord, given))
            told.say(f"everything held, {told.seconds():.0f} s")
            if given.keep:
                stay(told, discord)
        except Failed as failed:
            told.failure(failed, account.log_lines() if account else [], machine.logs())
            return 1
    return 0


def arguments():
    parser = argparse.ArgumentParser(prog="deploy_local")
    for name in ("folder", "template", "sam", "steward", "architecture", "cargo"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    given.folder = pathlib.Path(given.folder).resolve()
    return given


def end_with_whoever_started_us():
    """Exits at a signal, and when standard input ends, which xtask holds open."""
    for kind in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, lambda *_: sys.exit(1))

    def watch():
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def stay(told, discord):
    told.say("it keeps running until Ctrl-C. In another terminal:")
    told.say(f"  cargo run -- try '/weather place:Oslo' --port {discord.port}")
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
