#!/usr/bin/python3
"""What is left of an application when the machine dies, or the disk is full, at each step of taking it in.

Before the commit: no case, no number, no entry, no paper, and after the sweep no sealed file. After it: exactly one of each,
also when the number was never told. Nothing of the person is in clear in any file, whatever happened.
"""
import concurrent.futures
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile

import canary
import submit_words
import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
SAMPLES = submit_words.SAMPLES
NAME, NUMBER, MAIL = "王示例", "320508199003070025", "sample@example.org"
PLANTED = [NAME, NUMBER, MAIL, "示例科技", "本人主持过与目录内项目相当的示例项目", "employment.pdf"]

BEFORE = ["intake.begin", "intake.sealed", "intake.objects-written", "store.begin", "store.statement", "intake.before-commit",
          "store.before-commit", "store.object-write"]
AFTER = ["store.after-commit", "intake.after-commit"]


class Site:
    def __init__(self, *options):
        self.root = tempfile.mkdtemp(prefix="onestop-")
        subprocess.run([f"{BUILD}/tests/kit/make-site", self.root, *options], check=True)
        self.state = self.root + "/kiosk"
        self.before = []
        self.run("case", "list")        # makes the store, so that faults count from the submission

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def run(self, *words, fault=None):
        env = {k: v for k, v in os.environ.items() if k != "ONESTOP_FAULT"}
        if fault:
            env["ONESTOP_FAULT"] = fault
        command = [*self.before, f"{BUILD}/kiosk/cli/onestop", words[0], "--config", self.root + "/kiosk.conf", *words[1:]]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)

    def submit(self, *more, fault=None):
        return self.run(*submit_words.words(), *more, fault=fault)

    def read(self, sql):
        db = sqlite3.connect(f"file:{self.state}/store.db?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchone()[0]
        finally:
            db.close()

    def stored(self):
        """(cases, entries, receipts, jobs)"""
        return tuple(self.read(f"SELECT count(*) FROM {t}") for t in ("case_local", "entry", "receipt", "spool"))

    def files(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.state + "/objects") for name in names]

    def age_files(self):
        """As if they had been written long ago: then the next start sweeps what no entry names."""
        for path in self.files():
            os.utime(path, (1e9, 1e9))

    def drop_store(self):
        for name in os.listdir(self.state):
            if name.startswith("store.db"):
                os.remove(f"{self.state}/{name}")


def is_whole(site, times):
    assert site.stored() == (times, times, times, times), site.stored()
    verified = site.run("log", "verify", "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["entries"] == times, verified


def is_silent(site):
    left = canary.search(PLANTED, [site.state])
    assert not left, left


@tap.test("the search for planted words finds controls")
def _():
    assert canary.search_finds_controls() is not False
    with Site() as site:
        with open(site.state + "/left.json", "w") as file:
            json.dump({"name": NAME}, file)
        assert canary.search(PLANTED, [site.state])


@tap.test("an application is one case, one entry, one receipt, one job, and nothing of it is in clear")
def _():
    with Site() as site:
        done = site.submit()
        assert done.returncode == 0, done
        assert re.fullmatch(r"GSA-[2-9A-HJKMNP-Z]{6}-[2-9A-HJKMNP-Z]\n", done.stdout), done.stdout
        is_whole(site, 1)
        is_silent(site)


for point in BEFORE:
    @tap.test(f"killed at {point}: nothing is there, and the next one is taken")
    def _(point=point):
        with Site() as site:
            died = site.submit(fault=f"{point}=kill")
            assert died.returncode == -signal.SIGKILL, died
            assert not died.stdout, died.stdout
            is_silent(site)
            site.age_files()
            assert site.run("case", "list").stdout == ""
            is_whole(site, 0)
            assert site.files() == [], site.files()
            assert site.submit().stdout.startswith("GSA-222223-")
            is_whole(site, 1)

for point in AFTER:
    @tap.test(f"killed at {point}: the case is there once, with its number, receipt and job")
    def _(point=point):
        with Site() as site:
            died = site.submit(fault=f"{point}=kill")
            assert died.returncode == -signal.SIGKILL, died
            is_silent(site)
            site.age_files()
            number = site.run("case", "list").stdout.split()[0]
            is_whole(site, 1)
            assert len(site.files()) == 6, site.files()
            jobs = json.loads(site.run("print", "list", "--json").stdout)
            assert [(j["reference"], j["state"], j["copy"]) for j in jobs] == [(number, "queued", 1)], jobs
            # The number is the person's: nobody else gets it.
            assert site.submit().stdout.strip() != number

for act in ("ENOSPC", "EIO"):
    @tap.test(f"{act} at every write: an honest refusal, no number, nothing stored")
    def _(act=act):
        with Site() as site:
            taken = 0
            for point in ("store.object-write", "file.write", "store.begin", "store.statement", "store.before-commit"):
                for n in range(1, 100):
                    done = site.submit(fault=f"{point}={act}@{n}")
                    if done.returncode == 0:
                        break
                    assert done.returncode == 3, done
                    assert not done.stdout, done.stdout
                    is_whole(site, taken)
                else:
                    raise AssertionError(f"{point} has no end")
                assert n > 1, f"{point} was never passed"
                taken += 1
            site.age_files()
            site.run("case", "list")
            assert len(site.files()) == 6 * taken, len(site.files())
            is_silent(site)


@tap.test("a full disk before the person begins is said, and nothing is written")
def _():
    with Site() as site:
        os.remove(site.state + "/reserve")
        done = site.submit(fault="file.write=ENOSPC")      # the reserve cannot be made again
        assert done.returncode == 3 and "no room" in done.stderr, done
        is_whole(site, 0)


@tap.test("what the city could not read is not taken")
def _():
    for options in (["--age", "100"], ["--without-hall"]):
        with Site(*options) as site:
            done = site.submit()
            assert done.returncode == 3, done
            is_whole(site, 0)
            assert site.files() == []


@tap.test("what is wrong in the input is exit 4 and named, without a word of the person")
def _():
    wrong = [(["--consent", "purpose=no"], "purpose"), (["--consent", "purpose"], "ID=yes"),
             (["--document", f"poem={SAMPLES}/photo.jpg"], "poem"),
             (["--document", f"photo={SAMPLES}/answers.json"], "not-supported-kind"), (["--notice", "another"], "another"),
             (["--answers", SAMPLES + "/applicant.json"], "no field"), (["--answers", SAMPLES + "/photo.jpg"], "not JSON"),
             (["--service", "nothing"], "nothing")]
    with Site() as site:
        for words, said in wrong:
            done = site.submit(*words)
            assert done.returncode == 4 and said in done.stderr, (words, done)
            assert not any(p in done.stderr for p in (NAME, NUMBER, MAIL)), done.stderr
        with open(site.root + "/sixty.jpg", "wb") as file:
            file.truncate(60 * 1000 * 1000)
        done = site.submit("--document", f"photo={site.root}/sixty.jpg")
        assert done.returncode == 4 and "larger than" in done.stderr, done
        is_whole(site, 0)
        assert site.run("case", "submit").returncode == 2


@tap.test("a case of this machine opens at the city, byte for byte, without our code")
def _():
    with Site() as site:
        number = site.submit().stdout.strip()
        entry = site.read("SELECT bytes FROM entry")
        with open(site.root + "/entry.json", "wb") as file:
            file.write(entry)
        for key in ("working.key", "hall.key", "recovery.key"):
            into = f"{site.root}/opened-{key}"
            os.makedirs(into)
            subprocess.run(["/usr/bin/python3", SOURCE + "/tests/kit/open_case.py", "--entry", site.root + "/entry.json", "--key",
                            f"{site.root}/city/{key}", "--objects", site.state + "/objects", "--into", into],
                           check=True, stdout=subprocess.DEVNULL)
            with open(into + "/body.json") as file:
                body = json.load(file)
            for part in ("applicant", "answers"):
                with open(f"{SAMPLES}/{part}.json") as file:
                    assert body[part] == json.load(file)
            assert len(body["documents"]) == 5
            for line in body["documents"]:
                original = line.get("name", "signature.svg")
                found = [n for n in os.listdir(into) if n.startswith(f"{line['slot']}-{line['index']}")]
                with open(f"{SAMPLES}/{original}", "rb") as a, open(f"{into}/{found[0]}", "rb") as b:
                    assert a.read() == b.read(), line["slot"]
        assert json.loads(entry)["body"]["number"] == number


OTHERS = {
    "work-permit": ("privacy-work-permit", ["truth=yes", "purpose=yes", "person-agreed=yes", "criminal-record=yes"],
                    ["application-form", "experience", "degree", "criminal-record", "contract", "passport", "photo"]),
    "overseas-talent-certificate": ("privacy-overseas-certificate", ["truth=yes", "purpose=yes"],
                                    ["application-form", "identity", "degree", "experience", "employment", "photos"]),
}

for service, (notice, consents, slots) in OTHERS.items():
    @tap.test(f"{service}: taken with the health paper and its consent, taken without both, not with the paper alone")
    def _(service=service, notice=notice, consents=consents, slots=slots):
        words = ["case", "submit", "--service", service, "--notice", notice, "--signature", SAMPLES + "/signature.svg"]
        for name in ("answers", "applicant", "on-behalf"):
            words += [f"--{name}", f"{SAMPLES}/{service}/{name}.json"]
        for consent in consents:
            words += ["--consent", consent]
        for slot in slots:
            words += ["--document", f"{slot}={SAMPLES}/" + ("photo.jpg" if slot.startswith("photo") else "identity.jpg")]
        paper = ["--document", f"health={SAMPLES}/identity.jpg"]
        with Site() as site:
            for more, code in (([], 4), (paper, 4), (paper + ["--consent", "health=yes"], 0), (["--consent", "health=no"], 0)):
                done = site.run(*words, *more)
                assert done.returncode == code, (more, done)
                if code == 0:
                    number = done.stdout.strip()
            is_whole(site, 2)
            missing = json.loads(site.read("SELECT data FROM receipt ORDER BY number DESC LIMIT 1"))["missing"]
            assert number == site.read("SELECT max(number) FROM case_local")
            assert [m["slot"] for m in missing] == ["health"], missing
            left = canary.search(["SAMPLE TEST", "X0000000", "李样例"], [site.state])
            assert not left, left


@tap.test("three at a time: no number twice, the chain whole")
def _():
    with Site() as site:
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda _: site.submit(), range(9)))
        assert all(d.returncode == 0 for d in done), done
        assert len({d.stdout for d in done}) == 9
        is_whole(site, 9)


@tap.test("backup while it runs, restore elsewhere: the same cases, a new life, no number twice")
def _():
    with Site() as site, Site() as other:
        numbers = {site.submit().stdout.strip() for _ in range(2)}
        assert site.run("backup", site.root + "/copy").returncode == 0
        later = site.submit().stdout.strip()
        assert other.run("restore", site.root + "/copy").returncode == 3       # a store is there
        other.drop_store()
        done = other.run("restore", site.root + "/copy")
        assert done.returncode == 0, done
        assert {line.split()[0] for line in other.run("case", "list").stdout.splitlines()} == numbers
        assert other.run("log", "verify").returncode == 0
        fresh = other.submit().stdout.strip()
        assert fresh and fresh not in numbers | {later}
        left = canary.search(PLANTED, [other.state, site.root + "/copy"])
        assert not left, left
        with open(site.root + "/junk", "w") as file:
            file.write("not a backup")
        other.drop_store()
        done = other.run("restore", site.root + "/junk")
        assert done.returncode == 4, done


@tap.test("a changed byte in the log is found")
def _():
    with Site() as site:
        for _ in range(2):
            site.submit()
        db = sqlite3.connect(site.state + "/store.db")
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'gusu-talent', 'gusu-tolent') AS BLOB) WHERE seq = 1")
        db.commit()
        db.close()
        done = site.run("log", "verify", "--json")
        assert done.returncode == 1 and json.loads(done.stdout)["broken"]["seq"] == 1, done


@tap.test("strace: the sealed files, then the log are on the disk when the commit returns, before anybody can be told")
def _():
    with Site() as site:
        trace = site.root + "/trace"
        site.before = ["strace", "-f", "-y", "-o", trace, "-e", "trace=pwrite64,fsync,fdatasync"]
        died = site.submit(fault="store.after-commit=kill")     # so that no checkpoint follows
        if "ptrace" in died.stderr.lower():
            raise tap.Skip("nobody may be traced here")
        assert not died.stdout, died
        with open(trace, errors="replace") as file:
            lines = file.read().splitlines()
        wal = [i for i, line in enumerate(lines) if "store.db-wal" in line and "pwrite64(" in line]
        synced = [i for i, line in enumerate(lines) if "store.db-wal" in line and "sync(" in line]
        objects = [i for i, line in enumerate(lines) if "/objects/" in line and "sync(" in line]
        assert len(objects) >= 12, objects                      # six files and their folders
        assert wal and synced and max(objects) < min(wal) and max(synced) > max(wal), (objects[-1], wal, synced)


tap.main()
