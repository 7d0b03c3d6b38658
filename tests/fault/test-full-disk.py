#!/usr/bin/python3
"""A disk that is really full (a small tmpfs): what was acknowledged is there, and nothing else is.

Runs itself again in a mount namespace of its own.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
SAMPLES = SOURCE + "/tests/data/submit"
INSIDE = "ONESTOP_TEST_INSIDE"

if INSIDE not in os.environ:
    can = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"], capture_output=True).returncode == 0
    if can:
        os.execvpe("unshare", ["unshare", "-m", sys.executable, __file__], {**os.environ, INSIDE: "1"})


def mounted(megabytes):
    if INSIDE not in os.environ:
        raise tap.Skip("no mount namespace may be made here")
    root = tempfile.mkdtemp(prefix="onestop-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", root], check=True)
    subprocess.run([f"{BUILD}/tests/kit/make-site", root, "--tickets", "1-999"], check=True)
    return root


def gone(root):
    subprocess.run(["umount", root], check=True)
    os.rmdir(root)


def run(root, *words):
    return subprocess.run([f"{BUILD}/kiosk/cli/onestop", *words, "--config", root + "/kiosk.conf"], capture_output=True, text=True,
                          timeout=60)


def fill(root, leave):
    free = shutil.disk_usage(root).free - leave
    with open(root + "/filler", "wb") as file:
        file.write(b"x" * max(free, 0))


@tap.test("tickets on a disk that fills up: each number that was told is in the log, and no other")
def _():
    root = mounted(12)
    try:
        assert run(root, "log", "verify").returncode == 0
        fill(root, 256 * 1024)
        told = 0
        for _ in range(900):
            done = run(root, "ticket", "issue", "--family", "A")
            if done.returncode != 0:
                break
            told += 1
        assert done.returncode == 3, done
        assert 3 <= told < 900, told
        os.remove(root + "/filler")
        seen = json.loads(run(root, "log", "verify", "--json").stdout)
        assert seen["whole"] and seen["entries"] == told, (seen, told)
        assert len(json.loads(run(root, "print", "list", "--json").stdout)) == min(told, 200)
        assert run(root, "ticket", "issue", "--family", "A").returncode == 0
    finally:
        gone(root)


@tap.test("an application is refused while less is free than it may need, and taken again after")
def _():
    root = mounted(320)
    try:
        words = ["case", "submit", "--service", "gusu-talent-card", "--notice", "privacy-talent-card", "--consent", "truth=yes",
                 "--consent", "purpose=yes"]
        for name in ("answers", "applicant", "on-behalf"):
            words += [f"--{name}", f"{SAMPLES}/{name}.json"]
        for slot, name in {"identity": "identity.jpg", "employment": "employment.pdf", "photo": "photo.jpg",
                           "equal-proof": "equal-proof.png"}.items():
            words += ["--document", f"{slot}={SAMPLES}/{name}"]
        assert run(root, "log", "verify").returncode == 0
        fill(root, 100 * 1024 * 1024)
        done = run(root, *words)
        assert done.returncode == 3 and "no room" in done.stderr and not done.stdout, done
        os.remove(root + "/filler")
        done = run(root, *words)
        assert done.returncode == 0, done
        assert json.loads(run(root, "log", "verify", "--json").stdout)["entries"] == 1
    finally:
        gone(root)


tap.main()
