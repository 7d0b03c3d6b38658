#!/usr/bin/python3
"""Seals and tickets of the product, judged by code that shares nothing with it."""
import base64
import hashlib
import json
import os
import subprocess

import open_case
import tap
import verify_ticket

made = json.loads(subprocess.check_output([os.environ["ONESTOP_BUILD"] + "/tests/unit/make-sealed"]))
secret = base64.b64decode(made["secret"])


def refused(function, *arguments):
    try:
        function(*arguments)
    except (open_case.Refused, verify_ticket.Refused):
        return True
    return False


def open_one(item, sealed=None, **other):
    place = {**item, **other}
    return open_case.open_object(open_case.unwrap(made["wraps"], secret), place.get("case_id", made["case_id"]),
                                 place["kind"], place["slot"], place["index"],
                                 sealed if sealed is not None else base64.b64decode(item["sealed"]))


@tap.test("python3-nacl opens what was sealed")
def _():
    assert len(made["objects"]) == 6
    for item in made["objects"]:
        sealed = base64.b64decode(item["sealed"])
        assert hashlib.sha256(sealed).hexdigest() == item["sha256"]
        assert open_one(item) == base64.b64decode(item["plain"])


@tap.test("one flipped bit, a cut, another place, another key: nothing opens")
def _():
    item = made["objects"][1]
    sealed = base64.b64decode(item["sealed"])
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        assert refused(open_one, item, bytes(flipped)), bit
    for cut in range(len(sealed)):
        assert refused(open_one, item, sealed[:cut]), cut
    assert refused(open_one, {**item, "slot": "photo"})
    assert refused(open_one, {**item, "index": 7})
    assert refused(open_one, {**item, "case_id": "019a0b5c-9c40-7d11-8000-000000000003"})
    assert refused(open_case.unwrap, made["wraps"], bytes(31) + b"\1")


@tap.test("python3-cryptography verifies the tickets")
def _():
    keys = verify_ticket.key_of_cose(made["cose_key"])
    queue, receipt = (verify_ticket.verify(text, keys) for text in made["tickets"])
    assert queue == {"issuer": "GS", "expires": 1795440000, "issued": 1795400000, "id": "ab" * 12, "kind": 1,
                     "hall": "GS", "number": "A012", "service": "", "slot": 0}
    assert receipt["case"] == "GSA-222223-D" and receipt["manifest"] == "00" * 32 and receipt["kind"] == 2


@tap.test("one flipped bit of a ticket fails")
def _():
    keys = verify_ticket.key_of_cose(made["cose_key"])
    letters = verify_ticket.LETTERS
    text = made["tickets"][1]
    message = verify_ticket.base45(text[4:])

    def encode(data):
        out = ""
        for at in range(0, len(data), 2):
            part = data[at:at + 2]
            value = int.from_bytes(part, "big")
            for _ in range(len(part) + 1):
                out += letters[value % 45]
                value //= 45
        return "YZ1:" + out
    assert encode(message) == text
    for bit in range(len(message) * 8):
        flipped = bytearray(message)
        flipped[bit // 8] ^= 1 << bit % 8
        assert refused(verify_ticket.verify, encode(flipped), keys), bit
    other = {key: bytes(32) for key in keys}
    assert refused(verify_ticket.verify, text, other)


tap.main()
