#!/usr/bin/python3
"""The vectors of case numbers, computed again from the words of the format and nothing else."""
import json
import os

import tap

path = os.path.join(os.environ["ONESTOP_SOURCE"], "tests", "data", "case-number.json")
with open(path, encoding="utf-8") as file:
    VECTORS = json.load(file)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def number(hall, device, counter):
    digits = []
    for power in range(5, -1, -1):
        digits.append(counter // 31 ** power % 31)
    text = hall + device + "".join(ALPHABET[d] for d in digits)
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return f"{text[:3]}-{text[3:]}-{ALPHABET[(31 - total % 31) % 31]}"


@tap.test("the alphabet has 31 characters, none of which look alike")
def _():
    assert VECTORS["alphabet"] == ALPHABET
    assert len(set(ALPHABET)) == 31 and not set("01ILO") & set(ALPHABET)


@tap.test("a second program makes the same numbers")
def _():
    assert len(VECTORS["numbers"]) >= 10
    for row in VECTORS["numbers"]:
        assert number(row["hall"], row["device"], row["counter"]) == row["number"], row


@tap.test("the largest counter still has six characters")
def _():
    assert max(row["counter"] for row in VECTORS["numbers"]) == 31 ** 6 - 1
    assert all(len(row["number"]) == 12 for row in VECTORS["numbers"])


tap.main()
