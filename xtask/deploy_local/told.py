"""The output on the terminal: each step with its time, and details of a failure."""

import time


class Failed(Exception):
    """A failed check, with a sentence."""


def expect(holds, sentence):
    if not holds:
        raise Failed(sentence)


def wait_until(happened, within, sentence):
    """Waits for the first true value of `happened`, and returns it."""
    end = time.monotonic() + within
    while True:
        value = happened()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{sentence} ({within} s)")
        time.sleep(0.1)


class Told:
    def __init__(self):
        self.began = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.began

    def step(self, what, run):
        print(f"{self.seconds():6.1f} s  {what}", end="", flush=True)
        began = time.monotonic()
        try:
            seen = run()
        except Failed:
            print("  FAILED", flush=True)
            raise
        except Exception as error:
            print("  FAILED", flush=True)
            raise Failed(f"{type(error).__name__}: {error}") from error
        note = f": {seen}" if isinstance(seen, str) else ""
        print(f"{note}  ({time.monotonic() - began:.1f} s)", flush=True)
        return seen

    def say(self, text):
        print(f"{self.seconds():6.1f} s  {text}", flush=True)

    def failure(self, failed, functions, programs):
        for title, lines in [("the functions' logs", functions), *programs]:
            print(f"\n---- {title}, their end")
            print("\n".join(lines[-40:]))
        print(f"\n{failed}", flush=True)
