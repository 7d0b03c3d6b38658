#!/usr/bin/python3
"""onestop-city killed at random times while a device submits: what was acknowledged is there, once, and opens.

ONESTOP_KILLS sets how often (20), ONESTOP_SEED makes a run again.
"""
import hashlib
import http.client
import os
import random
import signal
import threading
import time

import city_kit
import open_case
import tap

KILLS = int(os.environ.get("ONESTOP_KILLS", "20"))
SEED = int(os.environ.get("ONESTOP_SEED", str(time.time_ns() % 10 ** 9)))
BROKEN = (ConnectionError, OSError, EOFError, http.client.HTTPException)


class Submitter(threading.Thread):
    """Submits case after case through whatever happens, and keeps a ledger of what the city acknowledged."""

    def __init__(self, city, device):
        super().__init__(daemon=True)
        self.city, self.device = city, device
        self.ledger, self.ending, self.fault = [], False, None
        self.recipients = device.keyset()["signed"]["recipients"]

    def until_it_works(self, step):
        while True:
            try:
                return step()
            except BROKEN:
                time.sleep(0.01)

    def send(self, line):
        answer = self.device.send([line])
        if answer.status >= 500:
            raise ConnectionError(answer.status)
        assert answer.status == 200, (answer.status, answer.body)
        assert answer.json["signed"]["received"] == self.device.seq and not answer.json["signed"]["refused"], answer.body

    def upload(self, sealed):
        try:
            self.device.upload(sealed, part=40000)
        except AssertionError as why:
            # An upload that the kill cut short is begun again by its own HEAD: the kit begins anew.
            raise ConnectionError(str(why)) from why

    def run(self):
        try:
            while not self.ending:
                made = self.device.case({"n": len(self.ledger)}, [("id-front", os.urandom(90000), "image/jpeg")],
                                        recipients=self.recipients)
                steps = [lambda: self.send(made.line)] + [lambda s=s: self.upload(s) for s in made.objects.values()]
                if len(self.ledger) % 2:
                    steps.reverse()
                for step in steps:
                    self.until_it_works(step)
                self.ledger.append(made)
        except BaseException as fault:
            self.fault = fault


@tap.test(f"killed {KILLS} times (seed {SEED}): every acknowledged case is in the city exactly once, whole, and opens")
def _():
    chance = random.Random(SEED)
    with city_kit.City() as city:
        submitter = Submitter(city, city.enrol("kiosk"))
        submitter.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.01, 0.4))
            assert submitter.fault is None, submitter.fault
            port = city.port
            city.stop(signal.SIGKILL)
            city.start()
            submitter.city.port = city.port
            assert port
        before = len(submitter.ledger)
        assert city_kit.eventually(lambda: submitter.fault or len(submitter.ledger) > before + 2, 60)
        submitter.ending = True
        submitter.join(60)
        assert submitter.fault is None and not submitter.is_alive(), submitter.fault
        with open(city.path("keys", "working.key"), "rb") as f:
            secret = f.read()
        assert len(submitter.ledger) > 3
        for made in submitter.ledger:
            assert city.rows("SELECT state, seal FROM case_file WHERE number=?", made.number) == [("submitted", "good")], made.number
            body, documents = open_case.open_case(made.line, secret, lambda n: open_case.read_object(city.path("objects"), n))
            assert body == made.body and len(documents) == 1
        assert city.rows("SELECT count(*) FROM case_file") == [(len(submitter.ledger),)], "and nothing else is there"
        stored = city.rows("SELECT hash FROM device_log l JOIN chain c USING (chain) WHERE device=? ORDER BY seq", submitter.device.name)
        assert [s[0] for s in stored] == [hashlib.sha256(m.line).hexdigest() for m in submitter.ledger]
        assert "good:" in city.run("check").stdout
        print(f"# {len(submitter.ledger)} cases")


tap.main()
