#!/usr/bin/python3
"""onestop-sync is killed at random times (ONESTOP_KILLS, 20 by default; ONESTOP_SEED) while people submit: every number that
was told is in the city exactly once, opens there, and was printed once. The ledger of what was told is kept here.

At its named points it is killed in tests/sync/test-client.py.
"""
import importlib.util
import json
import os
import random
import re
import signal
import sqlite3
import tempfile
import time

import open_case
import submit_words
import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
SEED = int(os.environ.get("ONESTOP_SEED", time.time_ns() % 1000000))
KILLS = int(os.environ.get("ONESTOP_KILLS", 20))

where = importlib.util.spec_from_file_location("demo_site", SOURCE + "/assets/demo/site.py")
demo = importlib.util.module_from_spec(where)
where.loader.exec_module(demo)


class Books:
    """What device, city and paper tray say."""

    def __init__(self, site):
        self.site, self.conf = site, site.path("kiosk.conf")

    def waiting(self):
        said = json.loads(self.site.call("onestop-sync", "--config", self.conf, "--status", "--json", ok=range(6)))
        return said["entries"] + said["objects"]

    def city(self, sql):
        database = sqlite3.connect(f"file:{self.site.path('city', 'city.db')}?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def printed(self):
        jobs = json.loads(self.site.call("onestop", "print", "list", "--config", self.conf, "--json"))
        return sorted((job["reference"], job["copy"]) for job in jobs if job["state"] == "printed")


def until(condition, what, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def submit(site, conf):
    return site.call("onestop", *submit_words.words(), "--config", conf).strip()


def start_sync(site, conf):
    site.start("kiosk-sync", "onestop-sync", "--config", conf)


@tap.test(f"killed {KILLS} times (seed {SEED}): every number told is in the city exactly once, opens, and was printed once")
def _():
    dice, ledger = random.Random(SEED), []
    with tempfile.TemporaryDirectory() as folder:
        site = demo.Site(folder + "/site", BUILD)
        site.make()
        site.start_services()
        books = Books(site)
        try:
            for _ in range(KILLS):
                ledger.append(submit(site, books.conf))
                time.sleep(dice.uniform(0, 0.8))
                site.end("kiosk-sync", signal.SIGKILL)
                start_sync(site, books.conf)
            until(lambda: books.waiting() == 0, "the end of the backlog")
            until(lambda: len(books.printed()) == KILLS, "all receipts")
            assert len(set(ledger)) == KILLS
            assert books.city("SELECT number, state FROM case_file ORDER BY number") == [(n, "submitted") for n in sorted(ledger)]
            assert books.printed() == [(number, 1) for number in sorted(ledger)]
            with open(site.path("city", "keys", "working.key"), "rb") as file:
                secret = file.read()
            told = set()
            for (line,) in books.city("SELECT bytes FROM device_log"):
                if json.loads(line)["kind"] != "case.submitted":
                    continue
                body, documents = open_case.open_case(bytes(line), secret,
                                                      lambda name: open_case.read_object(site.path("city", "objects"), name))
                assert body["service"] == "gusu-talent-card" and len(documents) == len(submit_words.FILES) + 1
                told.add(json.loads(line)["body"]["number"])
            assert told == set(ledger), "each is opened by a program that shares no code with ours"
        finally:
            site.stop()


@tap.test("the fault points of onestop-sync are all killed at, and no other is named")
def _():
    with open(SOURCE + "/kiosk/base/fault.c") as file:
        there = re.findall(r'"(sync\.[\w-]+)"', file.read())
    with open(SOURCE + "/tests/sync/test-client.py") as file:
        tested = set(re.findall(r'"(sync\.[\w-]+)(?:=kill)?"', file.read()))
    assert len(there) == 8 and tested == set(there), (there, tested)


tap.main()
