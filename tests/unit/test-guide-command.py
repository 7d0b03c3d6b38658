#!/usr/bin/python3
"""`onestop guide` at the shell, with small guides of the test's own: the gate, supplements, what a device shows."""
import copy
import hashlib
import json
import os
import subprocess
import tempfile

import tap

ONESTOP = os.environ["ONESTOP_BUILD"] + "/kiosk/cli/onestop"
DATA = os.environ["ONESTOP_SOURCE"] + "/tests/data/guide/"
ASSETS = os.environ["ONESTOP_ASSETS"]
FOLDER = tempfile.mkdtemp(prefix="guide-")


def write(name, value):
    path = os.path.join(FOLDER, name)
    with open(path, "wb") as file:
        file.write(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
    return path


def run(*words, **environment):
    return subprocess.run([ONESTOP, "guide", *words], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **environment})


def load(name):
    with open(DATA + name, encoding="utf-8") as file:
        return json.load(file)


def bound(supplement, city):
    """The supplement, bound to the city document in the file `city`."""
    with open(city, "rb") as file:
        text = file.read()
    supplement["doc"]["base"] = {"version": json.loads(text)["doc"]["version"], "sha256": hashlib.sha256(text).hexdigest()}
    return supplement


@tap.test("a supplement is checked against its city")
def _():
    good = run("check", DATA + "320571.json", "--city", DATA + "city.json")
    assert good.returncode == 0 and "fits version 1" in good.stdout, good.stderr
    alone = run("check", DATA + "320571.json")
    assert alone.returncode == 1 and "/doc/base: " in alone.stderr, alone.stderr
    loose = load("320571.json")
    loose["overrides"][0]["patch"]["limits"]["promised"]["value"] = 11
    path = write("loose.json", loose)
    answer = run("check", path, "--city", DATA + "city.json")
    assert answer.returncode == 1
    assert answer.stderr == f"{path}: /overrides/0/patch/limits: loosens the city's limit\n", answer.stderr
    assert run("check", DATA + "320571.json", "--city", FOLDER + "/nothing").returncode == 3
    assert run("check", FOLDER + "/nothing", "--city", DATA + "city.json").returncode == 3


@tap.test("what the gate finds in a district's own service is told where it stands")
def _():
    few = load("320571.json")
    few["services"][0]["examples"].pop()
    few["services"][0]["examples"][0]["outcome"] = "open"
    answer = run("check", write("few.json", few), "--city", DATA + "city.json")
    assert answer.returncode == 1
    assert "few.json: /services/0: has 2 examples; three are asked for" in answer.stderr, answer.stderr
    assert "few.json: /services/0/examples/0: comes out met, not open" in answer.stderr, answer.stderr


def device(name, district, assets):
    """The environment of a device in `district` that ships the guides in `assets`."""
    conf = write(name + ".conf", f"[hall]\nid=GS\ndistrict={district}\n\n[kiosk]\nid=GS-K1\n\n"
                 f"[store]\ndirectory={FOLDER}/{name}\n".encode())
    return {"ONESTOP_CONFIG": conf, "ONESTOP_ASSETS": assets}


def shipped(name):
    """A folder of assets that ships the small guide and its supplement."""
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder + "/guide")
    for entry in os.listdir(ASSETS):
        if entry != "guide":
            os.symlink(f"{ASSETS}/{entry}", f"{folder}/{entry}")
    for entry, target in [("city.json", "320500.json"), ("320571.json", "320571.json")]:
        with open(DATA + entry, "rb") as source:
            write(f"{name}/guide/{target}", source.read())
    return folder


@tap.test("a device shows city and supplement of its own district, the city alone elsewhere")
def _():
    assets = shipped("assets")
    park = device("park", "320571", assets)
    listed = json.loads(run("list", "--json", **park).stdout)
    assert [s["id"] for s in listed["services"]] == ["sample-card", "sample-advice", "d320571.sample-flat"]
    assert "5 working days" in run("show", "sample-card", "--lang", "en", **park).stdout
    elsewhere = device("elsewhere", "320505", assets)
    other = json.loads(run("list", "--json", **elsewhere).stdout)
    assert len(other["services"]) == 2 and other["sha256"] != listed["sha256"]
    assert "10 working days" in run("show", "sample-card", "--lang", "en", **elsewhere).stdout


@tap.test("a new city document shows alone until the district confirms again")
def _():
    assets = shipped("renewed")
    city = load("city.json")
    city["doc"]["version"] = 2
    write("renewed/guide/320500.json", city)
    park = device("renewed-park", "320571", assets)
    answer = run("show", "sample-card", "--lang", "en", **park)
    assert answer.returncode == 0 and "10 working days" in answer.stdout, answer.stdout
    assert "to be confirmed again" in answer.stderr, answer.stderr
    write("renewed/guide/320571.json", bound(load("320571.json"), assets + "/guide/320500.json"))
    assert "5 working days" in run("show", "sample-card", "--lang", "en", **park).stdout


tap.main()
