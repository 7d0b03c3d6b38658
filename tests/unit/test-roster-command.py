#!/usr/bin/python3
"""`onestop roster`: what it takes, what it refuses, and that nobody finds a number in the store afterwards.
The hashes are Python's own."""
import hashlib
import json
import os
import subprocess
import tempfile

import tap

BUILD = os.environ["ONESTOP_BUILD"]
FOLDER = tempfile.TemporaryDirectory(prefix="roster-")
KEY = os.urandom(32)
NUMBER = "320508199003070025"            # invented; its check digit holds
subprocess.run([BUILD + "/tests/kit/make-site", FOLDER.name], check=True, stdout=subprocess.DEVNULL)


def write(name, text):
    path = os.path.join(FOLDER.name, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def line(number, title):
    return f"{hashlib.blake2b(number.encode(), key=KEY, digest_size=32).hexdigest()} {title}\n"


def roster(*words):
    return subprocess.run([BUILD + "/kiosk/cli/onestop", "roster", *words, "--config", FOLDER.name + "/kiosk.conf"],
                          capture_output=True, text=True, timeout=60)


KEYFILE = write("roster.key", KEY.hex() + "\n")


@tap.test("a roster is taken in whole, and replaced whole")
def _():
    many = "# sample\n" + line(NUMBER, "jieqing") + "".join(line(f"sample {i}", "bairen") for i in range(2000))
    done = roster("import", write("roster.txt", many), "--key", KEYFILE)
    assert (done.returncode, done.stdout) == (0, "2001 titles\n"), done
    assert json.loads(roster("status", "--json").stdout)["titles"] == 2001
    assert roster("import", write("roster.txt", line(NUMBER, "cas")), "--key", KEYFILE).returncode == 0
    assert json.loads(roster("status", "--json").stdout)["titles"] == 1


@tap.test("a wrong line, title or key changes nothing")
def _():
    assert roster("import", write("bad.txt", line(NUMBER, "emperor")), "--key", KEYFILE).returncode == 4
    assert roster("import", write("bad.txt", line(NUMBER, "cas") + NUMBER + " cas\n"), "--key", KEYFILE).returncode == 4
    assert roster("import", write("bad.txt", line(NUMBER, "cas")), "--key", write("bad.key", "00\n")).returncode == 4
    assert roster("import", write("bad.txt", line(NUMBER, "cas"))).returncode == 2
    assert json.loads(roster("status", "--json").stdout)["titles"] == 1


@tap.test("no number is in any file of the store")
def _():
    os.unlink(os.path.join(FOLDER.name, "bad.txt"))
    for folder, _, files in os.walk(FOLDER.name):
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                assert NUMBER.encode() not in file.read(), name


tap.main()
