#!/usr/bin/python3
"""Printing by the real onestop-print at real IPP printers (ippeveprinter).

What is on paper is what lies in the printer's folder. The rule behind every test here: nothing is called printed that
was not, and never do two copies come out by themselves.
"""
import contextlib
import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess

import tap
from ipp_responder import IppResponder
from print_hall import BUILD, DESK, NUMBERS, PRINT, QUICK, SOURCE, children_of, codes_of, hall, text_of, until

ONESTOP = f"{BUILD}/bin/onestop"


def submission(kiosk):
    """The command line of a complete application."""
    samples = f"{SOURCE}/tests/data/submit"
    words = [ONESTOP, "case", "submit", "--config", kiosk.conf, "--service", "gusu-talent-card",
             "--notice", "privacy-talent-card", "--signature", f"{samples}/signature.svg"]
    for name in ("answers", "applicant", "on-behalf"):
        words += [f"--{name}", f"{samples}/{name}.json"]
    for slot, name in (("identity", "identity.jpg"), ("employment", "employment.pdf"), ("photo", "photo.jpg"),
                       ("equal-proof", "equal-proof.png")):
        words += ["--document", f"{slot}={samples}/{name}"]
    return words + ["--consent", "truth=yes", "--consent", "purpose=yes"]


def entries(kiosk, kind):
    with contextlib.closing(sqlite3.connect(f"file:{kiosk.store}/store.db?mode=ro", uri=True)) as db:
        return [json.loads(row[0]) for row in db.execute("SELECT bytes FROM entry WHERE kind = ? ORDER BY seq", (kind,))]


@tap.test("a queued receipt becomes exactly one PDF of its own length on the roll")
def _():
    with hall() as (kiosk, printers):
        job = kiosk.add()
        done = kiosk.once()
        assert done.returncode == 0, done.stderr
        assert kiosk.state(job) == "printed"
        [paper] = printers.papers()
        [record] = printers.jobs()
        assert record["name"] == kiosk.job(job)["job_name"]
        box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", open(paper, "rb").read())
        width, length = (float(value) * 2540 / 72 for value in box.groups())
        size = re.search(r"x-dimension=(\d+) y-dimension=(\d+)", record["media_col"])
        assert int(size[1]) == 8000 and abs(width - 8000) < 10, (size[0], width)
        assert 0 <= int(size[2]) - length <= 1, (size[0], length)
        subprocess.run(["qpdf", "--check", paper], check=True, stdout=subprocess.DEVNULL)
        assert NUMBERS[0] in text_of(paper)
        assert kiosk.once().returncode == 0 and len(printers.papers()) == 1
        assert kiosk.health() == "ready"


@tap.test("an application is on the disk before the printer hears a byte; its receipt's QR reads back and holds")
def _():
    with hall(enrolled=True) as (kiosk, printers):
        trace = f"{kiosk.place}/trace"
        script = shlex.join(submission(kiosk)) + " && " + shlex.join([PRINT, "--config", kiosk.conf, *QUICK, "--once"])
        done = subprocess.run(["strace", "-f", "-yy", "-s", "16", "-e", "trace=fdatasync,fsync,connect,sendto,write,writev,sendmsg",
                               "-o", trace, "sh", "-c", script], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        number = done.stdout.split()[0]
        lines = open(trace, errors="replace").read().splitlines()
        synced = [i for i, line in enumerate(lines) if "fdatasync" in line and "store.db-wal" in line]
        spoken = [i for i, line in enumerate(lines) if "TCP" in line and ("sendto" in line or "write" in line)]
        assert synced and spoken and synced[0] < spoken[0], (synced[:3], spoken[:3])
        shown = next(i for i, line in enumerate(lines) if number[:10] in line and "write(1" in line)
        assert any(i < shown for i in synced), "the number was shown before the commit"
        [paper] = printers.papers()
        [code] = codes_of(paper)
        good = subprocess.run([ONESTOP, "ticket", "verify", "--config", kiosk.conf], input=code, text=True, capture_output=True)
        assert good.returncode == 0, good
        middle = len(code) // 2
        bad = code[:middle] + ("A" if code[middle] != "A" else "B") + code[middle + 1:]
        refused = subprocess.run([ONESTOP, "ticket", "verify", "--config", kiosk.conf], input=bad, text=True,
                                 capture_output=True)
        assert refused.returncode in (1, 4), refused
        [entry] = entries(kiosk, "print.outcome")
        assert entry["body"] == {"kind": "receipt", "reference": number, "copy": 1, "outcome": "printed",
                                 "reason": "none"}, entry
        assert subprocess.run([ONESTOP, "log", "verify", "--config", kiosk.conf], capture_output=True).returncode == 0


@tap.test("a queue ticket is printed, and its QR is the ticket")
def _():
    with hall(enrolled=True) as (kiosk, printers):
        kiosk.start()
        done = subprocess.run([ONESTOP, "ticket", "issue", "--config", kiosk.conf, "--family", "A", "--service",
                               "gusu-talent-card", "--lang", "en"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        [paper] = until(printers.papers, "the ticket")
        until(lambda: [job["state"] for job in kiosk.desk("list")] == ["printed"], "printed")
        [code] = codes_of(paper)
        assert code in done.stdout, (code, done.stdout)
        assert entries(kiosk, "print.outcome")[0]["body"]["kind"] == "ticket"


@tap.test("several receipts come out one by one, in order, while the daemon runs")
def _():
    with hall() as (kiosk, printers):
        kiosk.start()
        jobs = [kiosk.add(n) for n in range(4)]
        until(lambda: all(kiosk.state(job) == "printed" for job in jobs), "all printed")
        assert [NUMBERS[n] in text_of(paper) for n, paper in enumerate(printers.papers())] == [True] * 4


@tap.test("a printer that takes the job and aborts it: failed; printed again it says so")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "abort")
        job = kiosk.add()
        kiosk.start()
        until(lambda: kiosk.state(job) == "failed", "failed")
        assert kiosk.job(job)["reason"] == "aborted" and not printers.papers()
        printers.behave("receipt", "normal")
        second = kiosk.desk("again", job)
        until(lambda: kiosk.state(second) == "printed", "printed")
        assert kiosk.job(second)["copy"] == 2 and kiosk.state(job) == "cancelled"
        [paper] = printers.papers()
        assert "补打" in text_of(paper)


@tap.test("a job that stalls in the printer is given up and never called printed")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "stall")
        job = kiosk.add()
        kiosk.start("--stall", "2")
        until(lambda: kiosk.state(job) in ("failed", "unknown"), "given up", 30)
        assert kiosk.job(job)["reason"] == "stalled", kiosk.job(job)
        assert not printers.papers()


@tap.test("out of paper in the middle: said while it lasts, printed once when refilled")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "media-empty")
        job = kiosk.add()
        kiosk.start()
        until(lambda: kiosk.health() == "media-empty", "media-empty")
        assert kiosk.state(job) == "sending"
        printers.behave("receipt", "normal")
        until(lambda: kiosk.state(job) == "printed", "printed")
        until(lambda: kiosk.health() == "ready", "ready")
        assert len(printers.papers()) == 1


@tap.test("a cover left open: given up with its reason, and the printer's job is cancelled")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "cover-open")
        job = kiosk.add()
        kiosk.start("--mend", "2")
        until(lambda: kiosk.state(job) in ("failed", "unknown"), "given up", 30)
        assert kiosk.job(job)["reason"] == "cover-open", kiosk.job(job)
        assert not printers.papers()


@tap.test("the person leaves while the printer is out of paper: cancelled in the printer too, nothing for a stranger")
def _():
    with hall() as (kiosk, printers):
        kiosk.start()
        printers.behave("receipt", "media-empty")
        job = kiosk.add(0)
        until(lambda: kiosk.health() == "media-empty", "media-empty")
        kiosk.desk("leave", job)
        until(lambda: kiosk.state(job) != "sending", "given up")
        assert kiosk.state(job) == "cancelled" and kiosk.job(job)["reason"] == "person", kiosk.job(job)
        printers.behave("receipt", "normal")
        second = kiosk.add(1)
        until(lambda: kiosk.state(second) == "printed", "printed")
        kiosk.desk("leave", second)
        assert kiosk.state(second) == "printed"
        [paper] = printers.papers()
        assert NUMBERS[1] in text_of(paper), "the first came out after all"


@tap.test("the printer vanishes in the middle: unknown, a person decides, a second copy says so")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "slow", "60")
        job = kiosk.add()
        kiosk.start("--stall", "2")
        until(lambda: kiosk.state(job) == "sending", "sending")
        os.kill(printers.pid(), signal.SIGKILL)
        until(lambda: kiosk.state(job) == "unknown", "unknown", 30)
        assert kiosk.job(job)["reason"] in ("unreachable", "not-answering"), kiosk.job(job)
        with IppResponder() as other:
            kiosk.end()
            kiosk.set_printers(other.uri)
            kiosk.start()
            until(lambda: "Get-Jobs" in other.seen, "the printer is asked by name")
            until(lambda: kiosk.health() == "ready", "ready")
            assert kiosk.state(job) == "unknown" and not other.papers
            second = kiosk.desk("answer", job, "no")
            until(lambda: kiosk.state(second) == "printed", "printed")
            assert kiosk.job(second)["copy"] == 2 and len(other.papers) == 1
        kiosk.desk("answer", job, "yes", good=False)


@tap.test("a printer that is not there at all: failed after a while with nothing sent")
def _():
    with hall() as (kiosk, printers):
        printers.stop()
        job = kiosk.add()
        kiosk.start()
        until(lambda: kiosk.state(job) == "failed", "failed")
        assert kiosk.job(job)["reason"] == "unreachable" and kiosk.job(job)["ipp_id"] == 0
        assert kiosk.health() == "unreachable"


@tap.test("the last sheet: completed with a fault is unknown, and 'I have it' ends it")
def _():
    with hall() as (kiosk, printers):
        printers.behave("receipt", "last-sheet")
        job = kiosk.add()
        kiosk.start()
        until(lambda: kiosk.state(job) == "unknown", "unknown")
        assert kiosk.job(job)["reason"] == "media-empty"
        assert kiosk.desk("answer", job, "yes") == job
        assert kiosk.state(job) == "printed" and len(printers.papers()) == 1


@tap.test("a receipt that waited too long is not printed for a stranger")
def _():
    with hall() as (kiosk, printers):
        job = kiosk.add()
        late = subprocess.run([PRINT, "--config", kiosk.conf, *QUICK, "--once"], capture_output=True, timeout=60,
                              env={**os.environ, "ONESTOP_CLOCK_OFFSET": "3600"})
        assert late.returncode == 3 and kiosk.state(job) == "failed" and kiosk.job(job)["reason"] == "late"
        assert not printers.papers()


@tap.test("one onestop-print a store; SIGTERM ends it clean, and no child stays")
def _():
    with hall() as (kiosk, printers):
        daemon = kiosk.start()
        until(lambda: kiosk.health() == "ready", "ready")
        second = kiosk.once()
        assert second.returncode == 3 and "another" in second.stderr, second
        printers.behave("receipt", "slow", "60")
        job = kiosk.add()
        until(lambda: kiosk.state(job) == "sending", "sending")
        [child] = until(lambda: children_of(daemon.pid), "a child")[:1]
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        until(lambda: not os.path.exists(f"/proc/{child}"), "the child is gone")
        printers.behave("receipt", "normal")
        assert kiosk.once().returncode == 0 and kiosk.state(job) == "printed" and len(printers.papers()) == 1


@tap.test("the document's first byte goes out only after the store's sync")
def _():
    with hall() as (kiosk, printers):
        kiosk.add()
        trace = f"{kiosk.place}/trace"
        done = subprocess.run(["strace", "-f", "-yy", "-s", "64", "-e", "trace=fdatasync,fsync,sendto,write,writev,sendmsg",
                               "-o", trace, PRINT, "--config", kiosk.conf, *QUICK, "--once"],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        lines = open(trace, errors="replace").read().splitlines()
        document = next(i for i, line in enumerate(lines) if "%PDF" in line and "TCP" in line)
        created = next(i for i, line in enumerate(lines) if '\\"created\\"' in line)
        assert any("fdatasync" in line and "store.db-wal" in line for line in lines[created:document]), "no sync between"
        assert not any("%PDF" in line for line in lines[:created] if "TCP" in line)


@tap.test("personal paper goes over the socket to A4, byte for byte, and leaves nothing behind")
def _():
    with hall() as (kiosk, printers):
        pdf = f"{kiosk.place}/dossier.pdf"
        with open(pdf, "wb") as file:
            file.write(b"%PDF-1.4\n% SAMPLE TEST canary-3141592653\n" + os.urandom(300000) + b"\n%%EOF\n")
        assert kiosk.desk("send", pdf, "a4", 1) == {"outcome": "not-sent", "reason": "no-daemon",
                                                   "condition": "not-answering"}
        kiosk.start()
        until(lambda: os.path.exists(f"{kiosk.store}/print.sock"), "socket")
        assert oct(os.stat(f"{kiosk.store}/print.sock").st_mode)[-3:] == "600"
        assert kiosk.desk("send", pdf, "a4", 2)["outcome"] == "printed"
        [paper] = printers.papers("page")
        assert open(paper, "rb").read() == open(pdf, "rb").read()
        [record] = printers.jobs("page")
        assert record["media"] == "iso_a4_210x297mm" and record["copies"] == "2", record
        for folder, _, names in os.walk(kiosk.store):
            for name in names:
                with contextlib.suppress(OSError):
                    assert b"canary-3141592653" not in open(f"{folder}/{name}", "rb").read(), name
        assert not kiosk.desk("list")
        printers.behave("page", "abort")
        assert kiosk.desk("send", pdf, "a4", 1)["outcome"] == "failed"
        assert kiosk.health("page-printer") == "ready"


@tap.test("the socket: a client that leaves early prints nothing, a dead daemon is unknown, nonsense is refused")
def _():
    with hall() as (kiosk, printers):
        daemon = kiosk.start()
        place = f"{kiosk.store}/print.sock"
        until(lambda: os.path.exists(place), "socket")

        def talk(head, body=b"", leave=False):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(30)
                client.connect(place)
                with contextlib.suppress(BrokenPipeError):  # it may refuse before we said all
                    client.sendall(head)
                    client.sendall(body)
                    if leave:
                        return None
                    if not body:
                        client.shutdown(socket.SHUT_WR)
                return client.makefile().read()

        for head in (b"", b"{}", b"x" * 96, b'{"bytes":-1,"media":"a4"}'.ljust(95) + b"\n",
                     b'{"bytes":99999999999,"media":"a4"}'.ljust(95) + b"\n",
                     b'{"bytes":5,"media":"a4","copies":100}'.ljust(95) + b"\n"):
            answer = json.loads(talk(head))
            assert answer["state"] == "not-sent" and answer["reason"] in ("refused", "incomplete"), (head, answer)
        if os.geteuid() == 0:  # another user, even where files would let him
            os.chmod(place, 0o666)
            for folder in (kiosk.place, kiosk.store):
                os.chmod(folder, 0o711)
            stranger = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c",
                                       "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
                                       " print(s.recv(100))", place], capture_output=True, text=True, timeout=20)
            assert stranger.stdout.strip() == "b''", stranger
            os.chmod(kiosk.store, 0o700)
        talk(b'{"bytes":500,"media":"a4"}'.ljust(95) + b"\n", b"%PDF-1.4 half", leave=True)
        wrong = talk(b'{"bytes":9,"media":"papyrus"}'.ljust(95) + b"\n", b"%PDF-1.4\n")
        assert '"refused"' in wrong.splitlines()[-1], wrong
        assert not printers.papers("page")
        printers.behave("page", "slow", "60")
        pdf = f"{kiosk.place}/dossier.pdf"
        with open(pdf, "wb") as file:
            file.write(b"%PDF-1.4\n%%EOF\n")
        client = subprocess.Popen([DESK, kiosk.store, "send", pdf, "a4", "1"], stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.PIPE)
        line = client.stderr.readline()
        assert "sending" in line, (line, client.poll())
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        assert json.loads(client.communicate(timeout=20)[0])["outcome"] == "unknown"
        printers.behave("page", "normal")
        kiosk.start()
        until(lambda: kiosk.health("page-printer") == "ready", "ready")
        assert len(printers.papers("page")) <= 1, "sent again"


@tap.test("no printer in the configuration: said so, nothing hangs")
def _():
    with hall() as (kiosk, printers):
        kiosk.set_printers("")
        job = kiosk.add()
        kiosk.start()
        until(lambda: kiosk.state(job) == "failed", "failed")
        assert kiosk.job(job)["reason"] == "not-configured" and kiosk.health() == "not-configured"


@tap.test("help, version and wrong use")
def _():
    for arguments, code, word in ((["--help"], 0, "--once"), (["--version"], 0, "onestop-print"), (["--no-such"], 2, ""),
                                  (["word"], 2, ""), (["--config", "/nowhere/kiosk.conf"], (3, 4), "")):
        done = subprocess.run([PRINT, *arguments], capture_output=True, text=True, timeout=20)
        assert done.returncode in (code if isinstance(code, tuple) else (code,)) and word in done.stdout, (arguments, done)


tap.main()
