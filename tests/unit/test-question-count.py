#!/usr/bin/python3
"""How many questions the planner saves on the shipped guide: the small run of tests/bench/test-rules-alone.py. Counts, no times,
and the same for the same seed. The design's aim is half of the guide's own order; `bench` prints how near it comes."""
import json
import os
import subprocess

import tap

SEED, PEOPLE = "20180319", "300"
SAID = json.loads(subprocess.check_output([os.environ["ONESTOP_BUILD"] + "/tests/bench/bench-guide", PEOPLE, SEED], text=True))


@tap.test("over all services the planner asks half of the guide's order one by one, seven tenths in groups")
def _():
    asked = SAID["all"]
    print(f"# seed {SEED}: {asked}")
    assert asked["singly"] < .55 * asked["in_order"] and asked["planned"] < .7 * asked["in_order"]
    assert asked["pages"] < .5 * asked["in_order"] and asked["singly"] <= asked["planned"]


@tap.test("for one service it never asks more than a form of that service, but for what stands together on a page")
def _():
    asked = SAID["one"]
    print(f"# seed {SEED}: {asked}")
    assert asked["singly"] <= asked["in_order"] and asked["pages"] <= asked["planned"]


tap.main()
