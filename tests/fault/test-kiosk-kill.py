#!/usr/bin/python3
"""onestop-kiosk is killed under a visitor's finger: at every named fault point of handing in and of drawing a ticket, and at
random times (ONESTOP_KILLS, 20 by default; ONESTOP_SEED).

Before the commit there is no case, no number, no paper; after it exactly one in the city, and its receipt once. The
ledger of what was shown and printed is kept here, outside of the product.
"""
import os
import random
import re
import tempfile
import threading
import time

import tap
from hand_in import SOURCE, HandIn
from screen_reader import NotThere

BEFORE = ["intake.begin", "intake.sealed", "store.object-write", "intake.objects-written", "intake.before-commit"]
AFTER = ["intake.after-commit"]
TICKET = ["ticket.before-commit", "ticket.after-commit"]
folder = tempfile.TemporaryDirectory()
walk = HandIn(folder.name + "/site")
walked = []          # seconds from the home screen to the press of the last button


def settled(papers, city, store):
    """Waits until nothing is on its way; gives the new numbers after comparing every book with every other."""
    walk.site.call("onestop-sync", "--config", walk.conf, "--once", ok=(0, 1, 2, 3, 4))
    walk.until(lambda: walk.waits() == 0, "the end of the backlog")
    walk.until(lambda: all(job["state"] not in ("queued", "sending") for job in walk.spool()), "the end of the spool")
    new = sorted(set(walk.in_store()) - set(store))
    assert sorted(set(walk.in_city()) - set(city)) == new and len(walk.in_city()) == len(city) + len(new), (new, walk.in_city())
    assert sorted(walk.numbers_on(walk.papers()[len(papers):])) == new, "each receipt once, and none without a case"
    return set(new)


def books():
    return walk.papers(), walk.in_city(), walk.in_store()


@tap.test("the fault points tested under touch are all of handing in and of drawing a ticket")
def _():
    with open(f"{SOURCE}/kiosk/base/fault.c") as file:
        there = re.findall(r'"((?:intake|ticket)\.[\w-]+)"', file.read())
    # intake.work is the sandboxed helper's: killing that kills no kiosk.
    assert sorted(there) == sorted([p for p in BEFORE + AFTER + TICKET if p != "store.object-write"] + ["intake.work"])
    assert len(BEFORE + AFTER + TICKET) == 8


@tap.test("killed before the commit, at each point: no case, no number, no paper, nothing in the city; a clean home after")
def _():
    before = books()
    for point in BEFORE:
        v = walk.open(point + "=kill")
        started = time.monotonic()
        walk.hand_in(v)
        walked.append(time.monotonic() - started)
        assert walk.dies(v) == set(), point
    walk.open()
    assert settled(*before) == set()
    assert books() == before


@tap.test("killed after the commit: exactly one case in the city, exactly one receipt")
def _():
    before = books()
    for point in AFTER:
        v = walk.open(point + "=kill")
        walk.hand_in(v)
        walk.dies(v)
    walk.open()
    walk.until(lambda: len(walk.papers()) > len(before[0]), "the receipt")
    assert len(settled(*before)) == len(AFTER)


@tap.test("killed before a ticket's commit: no paper, and its number is the next visitor's; after it: one paper, its number stays taken")
def _():
    papers = walk.papers()
    v = walk.open("ticket.before-commit=kill")
    walk.draw(v)
    walk.dies(v)
    v = walk.open("ticket.after-commit=kill")
    assert walk.papers() == papers
    walk.draw(v)
    walk.dies(v)
    walk.until(lambda: len(walk.papers()) > len(papers), "the ticket")
    v = walk.open()
    walk.draw(v)
    walk.until(lambda: len(walk.papers()) > len(papers) + 1, "the next ticket")
    drawn = [job["reference"] for job in walk.spool() if job["kind"] == "ticket"]
    assert len(drawn) == 2 and drawn[0] != drawn[1], drawn
    assert len(walk.papers()) == len(papers) + 2


@tap.test("killed at random times under touch: before the commit nothing, after it one case and one receipt, and a clean home each time")
def _():
    seed = int(os.environ.get("ONESTOP_SEED", time.time_ns() % 1000000))
    times = int(os.environ.get("ONESTOP_KILLS", 20))
    print(f"# seed {seed}, {times} kills", flush=True)
    dice, shown, before = random.Random(seed), set(), books()
    whole = max(walked) + 2         # two seconds after the press the receipt is on its way
    for _ in range(times):
        v = walk.open()
        assert not walk.shown(v), "a clean home"
        # A half of them where it is narrow: about the press.
        when = dice.uniform(0, whole) if dice.random() < 0.5 else dice.uniform(whole - 5, whole)
        reaper = threading.Timer(when, walk.kiosk.kill)
        reaper.start()
        try:
            walk.hand_in(v)
            shown |= walk.dies(v)
        except NotThere:            # gone in the midst of it
            assert walk.kiosk.wait(10) == -9
        finally:
            reaper.cancel()
    walk.open()
    new = settled(*before)
    assert shown <= new, "a number was shown that is no case"
    print(f"# {len(new)} of {times} were after the commit, {len(shown)} numbers were shown", flush=True)


if __name__ == "__main__":
    with folder, walk:
        tap.main()
