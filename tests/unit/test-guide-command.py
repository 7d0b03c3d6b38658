#!/usr/bin/python3
"""`onestop guide` at the shell, with small guides of the test's own: the gate, supplements, what a device shows."""
import copy
import hashlib
import json
import os
import random
import subprocess
import tempfile
import time

import jsonschema
import tap

ONESTOP = os.environ["ONESTOP_BUILD"] + "/kiosk/cli/onestop"
DATA = os.environ["ONESTOP_SOURCE"] + "/tests/data/guide/"
ASSETS = os.environ["ONESTOP_ASSETS"]
FOLDER = tempfile.mkdtemp(prefix="guide-")
SANITIZED = "ONESTOP_SANITIZED" in os.environ      # then the program needs memory and time of its own


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


# ---- packages ----

SITE = os.path.join(FOLDER, "site")
KEY = SITE + "/city/keyset-sign.key"


def site():
    """A device after enrolment, in a district that has a supplement."""
    subprocess.run([os.environ["ONESTOP_BUILD"] + "/tests/kit/make-site", SITE], check=True, timeout=60)
    with open(SITE + "/kiosk.conf", encoding="utf-8") as file:
        conf = file.read()
    assert "district=" not in conf
    with open(SITE + "/kiosk.conf", "w", encoding="utf-8") as file:
        file.write(conf.replace("[hall]\n", "[hall]\ndistrict=320571\n"))
    return {"ONESTOP_CONFIG": SITE + "/kiosk.conf"}


def moment(seconds=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def day(days=0):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 + days * 86400))


def pack(out, *files, at=None, key=KEY):
    path = os.path.join(FOLDER, out)
    answer = run("pack", *files, "--key", key, "-o", path, *(["--at", at] if at else []))
    return path, answer


def city(name, version, effective):
    guide = load("city.json")
    guide["doc"].update(version=version, effective_from=effective)
    return write(name, guide)


@tap.test("a guide is packed, installed and shown; the next waits for its day")
def _():
    env = site()
    before = json.loads(run("list", "--json", **env).stdout)
    assert before["source"] == "shipped" and len(before["services"]) > 10
    now, later = city("now.json", 51, day(-3)), city("later.json", 52, day(9))
    park = write("park.json", bound(load("320571.json"), now))
    package, answer = pack("guides", now, later, park, at=moment(-60))
    assert answer.returncode == 0 and "3 documents" in answer.stdout, answer.stderr
    again, _ = pack("guides-again", park, later, now, at=answer.stdout.split("signed ")[1].split(",")[0])
    with open(package, "rb") as one, open(again, "rb") as other:
        assert one.read() == other.read()
    answer = run("install", package, **env)
    assert answer.returncode == 0, answer.stderr
    assert f"in force: version 51 since {day(-3)}" in answer.stdout and f"next: version 52 from {day(9)}" in answer.stdout
    shown = json.loads(run("list", "--json", **env).stdout)
    assert shown["version"] == 51 and shown["source"] == "package" and shown["next"]["version"] == 52
    assert shown["supplement"]["scope"] == "320571" and shown["services"][-1]["id"] == "d320571.sample-flat"
    text = run("show", "--lang", "en", **env).stdout
    assert "0 days ago" in text and "with 320571 version 1" in text, text
    facts = write("facts.json", {"level": "top", "d320571_in_park": True})
    asked = subprocess.run([ONESTOP, "eligibility", facts, "--service", "d320571.sample-flat", "--json"],
                           capture_output=True, text=True, timeout=60, env={**os.environ, **env})
    assert asked.returncode == 0 and '"met"' in asked.stdout, asked.stderr


@tap.test("what may not come in is exit 4 with a reason, and what is here stays")
def _():
    env = {"ONESTOP_CONFIG": SITE + "/kiosk.conf"}
    shown = run("list", "--json", **env).stdout
    new = city("new.json", 53, day(-1))
    with open(os.path.join(FOLDER, "stranger.key"), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(bytes(range(32)))
    with open(pack("good", new, at=moment(-10))[0], "rb") as file:
        good = file.read()
    for name, path, says in [
            ("rollback", pack("old", new, at=moment(-3600))[0], "is older than the one that is known here"),
            ("future", pack("future", new, at=moment(2 * 86400))[0], "made in the future"),
            ("stranger", pack("strange", new, key=FOLDER + "/stranger.key")[0], "signature does not hold"),
            ("damage", write("damaged", good[:-9] + b"X" + good[-8:]), "is not the file that was signed"),
            ("cut", write("cut", good[:-1]), "longer than"),
            ("a guide", new, "package: this is none"),
            ("nothing", write("empty", b""), "package: this is none"),
            ("older guide", pack("older", city("older.json", 50, day(-1)))[0], "is older than one that came before")]:
        answer = run("install", path, **env)
        assert answer.returncode == 4 and says in answer.stderr, (name, answer.returncode, answer.stderr)
        assert run("list", "--json", **env).stdout == shown, name
    assert run("install", FOLDER + "/nowhere", **env).returncode == 3
    assert run("install", FOLDER + "/good", **env).returncode == 0
    listed = json.loads(run("list", "--json", **env).stdout)
    assert listed["version"] == 53 and "supplement" not in listed and "next" not in listed


@tap.test("a device that is not enrolled takes packages of a root that it is told")
def _():
    stray = device("stray", "320500", ASSETS)
    new = city("stray.json", 54, day(-1))
    package, answer = pack("for-stray", new)
    root = write("root.pub", (answer.stdout.split("root ")[1]).encode())
    frozen = run("install", pack("frozen", new, at=moment(-31 * 86400))[0], "--root", root, **stray)
    assert frozen.returncode == 4 and "has expired" in frozen.stderr, frozen.stderr
    assert run("install", package, **stray).returncode == 3
    assert run("install", package, "--root", write("bad.pub", b"no key"), **stray).returncode == 4
    assert run("install", package, "--root", write("other.pub", b"A" * 43 + b"="), **stray).returncode == 4
    assert run("install", package, "--root", root, **stray).returncode == 0
    assert json.loads(run("list", "--json", **stray).stdout)["version"] == 54


@tap.test("pack signs nothing that the gate refuses")
def _():
    bad = load("city.json")
    bad["services"][0]["examples"][0]["outcome"] = "open"
    path = write("bad.json", bad)
    package, answer = pack("bad-package", path)
    assert answer.returncode == 4 and not os.path.exists(package)
    assert answer.stderr == f"{path}: /services/0/examples/0: comes out met, not open\n", answer.stderr
    assert pack("x", DATA + "320571.json")[1].returncode == 4  # a supplement without its city
    assert pack("x", FOLDER + "/vast.json")[1].returncode in (3, 4)
    assert pack("x", path, key=FOLDER + "/no.key")[1].returncode == 3
    assert run("pack", path).returncode == 2
    assert run("pack", path, "--key", KEY, "-o", FOLDER + "/x", "--at", "yesterday").returncode == 2


HOSTILE = {
    "100,000 lists deep": b"[" * 100000 + b"]" * 100000,
    "100,000 objects deep": b'{"a":' * 100000 + b"1" + b"}" * 100000,
    "2 MiB of empty objects": b"[" + b"{}," * 699000 + b"{}]",
    "2 MiB of zeros": b"[" + b"0," * 1048000 + b"0]",
    "as many values as may be": b'{"services":[' + b"{}," * 49990 + b"{}]}",
    "a path of 100,000 steps": None,
    "a rule 100,000 operators deep": b'{"doc":' + b'{"!":' * 100000 + b"true" + b"}" * 100001,
    "a number out of range": b'{"doc":1e999}',
    "an integer out of range": b'{"doc":123456789012345678901234567890}',
    "broken UTF-8": b'{"doc":"\xff\xfe"}',
    "a surrogate alone": b'{"doc":"\\ud800"}',
    "nothing": b"",
}


def deep_path():
    guide = load("city.json")
    guide["services"][0]["eligibility"]["all"][1]["logic"] = {"var": "employed" + ".a" * 100000}
    return json.dumps(guide, ensure_ascii=False).encode()


def measured(*words):
    """The answer within 64 MiB of data and a stack of 1 MiB, and its CPU time in seconds: a clock that no neighbour moves."""
    limits = [] if SANITIZED else ["prlimit", f"--data={64 << 20}", f"--stack={1 << 20}"]
    child = subprocess.Popen([*limits, ONESTOP, "guide", *words],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    error = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    child.stderr.close()
    return child.returncode, error, usage.ru_utime + usage.ru_stime


@tap.test("hostile guides are refused within 64 MiB and 100 ms of work")
def _():
    for name, text in HOSTILE.items():
        path = write("hostile.json", text if text is not None else deep_path())
        for words in [("check", path), ("check", path, "--city", DATA + "city.json"),
                      ("check", DATA + "320571.json", "--city", path)]:
            code, error, _ = measured(*words)
            assert code == 1 and error.startswith(path + ": "), (name, words, code, error[:300])
            work = min(measured(*words)[2] for _ in range(3))
            print(f"# {name}: {work * 1000:.0f} ms")
            assert SANITIZED or work < 0.1, (name, words, work)


@tap.test("a file over 2 MiB is refused unread")
def _():
    path = os.path.join(FOLDER, "vast.json")
    with open(path, "wb") as file:
        file.truncate(1 << 40)  # a hole of a tebibyte: nobody reads that
    for words in [("check", path), ("check", path, "--city", DATA + "city.json")]:
        code, error, work = measured(*words)
        assert code == 1 and error.startswith(path + ": /: "), (code, error)
        assert SANITIZED or work < 0.1, work


@tap.test("what a validator of other make refuses, the gate refuses")
def _():
    with open(ASSETS + "/guide/guide.schema.json", encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file), format_checker=jsonschema.FormatChecker())
    dice, refused = random.Random(7), 0
    for _ in range(150):
        guide = load("city.json")
        spots = list(containers(guide))
        place = dice.choice(spots)
        key = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
        change = dice.randrange(3)
        if change == 0:
            del place[key]
        elif change == 1:
            place[key] = dice.choice([None, 7, -1, 1.5, "", "x", [], {}, True])
        elif isinstance(place, dict):
            place["surprise"] = 1
        if validator.is_valid(guide):
            continue
        refused += 1
        answer = run("check", write("spoilt.json", guide))
        assert answer.returncode == 1, (change, key, next(validator.iter_errors(guide)).message[:300])
    assert refused > 75, refused


def containers(value):
    """Every list and object in `value` that is not empty, but not inside rules and facts, which may be anything."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    if value:
        yield value
    for key, member in members:
        if isinstance(member, (dict, list)) and key not in ("logic", "when", "visible_if", "facts"):
            yield from containers(member)


tap.main()
