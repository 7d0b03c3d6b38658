#!/usr/bin/python3
"""What happens to paper when onestop-print is killed, and when a printer hangs, lies or forgets.

Two copies never come out by themselves, nothing is called printed that was not, and the daemon outlives its printer.
"""
import json
import os
import random
import re
import signal
import subprocess
import time

import tap
from ipp_responder import IppResponder
from print_hall import PRINT, SOURCE, children_of, hall, until

FAULTS = ["print.before-send", "print.after-create-job", "print.before-document", "print.after-send",
          "print.before-printed", "print.after-printed"]


@tap.test("a hung printer costs one child, not the daemon")
def _():
    with hall() as (kiosk, printers):
        daemon = kiosk.start()
        until(lambda: kiosk.health() == "ready", "ready")
        os.kill(printers.pid(), signal.SIGSTOP)
        try:
            job = kiosk.add()
            until(lambda: kiosk.state(job) == "failed", "failed", 40)
            assert kiosk.job(job)["reason"] in ("not-answering", "unreachable", "stalled"), kiosk.job(job)
        finally:
            os.kill(printers.pid(), signal.SIGCONT)
        assert daemon.poll() is None
        until(lambda: kiosk.health() == "ready", "ready again")
        second = kiosk.desk("again", job)
        assert second == job, "nothing had been sent: it is no second copy"
        until(lambda: kiosk.state(job) == "printed", "printed")
        assert len(printers.papers()) == 1


@tap.test("SIGKILL at every fault point: one paper in the end, and never two by itself")
def _():
    with hall() as (kiosk, printers):
        for n, point in enumerate(FAULTS):
            before = len(printers.papers())
            job = kiosk.add(n)
            killed = kiosk.start(fault=f"{point}=kill")
            assert killed.wait(20) == -signal.SIGKILL, point
            done = kiosk.once()
            assert done.returncode == 0, (point, kiosk.job(job), done.stderr)
            assert kiosk.state(job) == "printed", (point, kiosk.job(job))
            assert kiosk.job(job)["copy"] == 1
            assert len(printers.papers()) == before + 1, point


@tap.test("the printer's process dies or stops dead: it is ended, and the daemon asks the printer and learns the truth")
def _():
    with hall() as (kiosk, printers):
        daemon = kiosk.start("--silence", "3")
        for n, (sign, reason) in enumerate(((signal.SIGKILL, "crashed"), (signal.SIGSTOP, "stalled"))):
            printers.behave("receipt", "slow", "60")
            job = kiosk.add(n)
            until(lambda: kiosk.state(job) == "sending" and printers.working(), "at the printer")
            for child in children_of(daemon.pid):
                os.kill(child, sign)
            until(lambda: kiosk.job(job).get("reason") == reason, reason)
            printers.behave("receipt", "normal")
            until(lambda: kiosk.state(job) == "printed", "printed")
            assert len(printers.papers()) == n + 1


@tap.test("SIGKILL at random times: each paper once, or a person is asked; never two by itself")
def _():
    seed = int(os.environ.get("ONESTOP_SEED", time.time_ns() % 1000000))
    times = int(os.environ.get("ONESTOP_KILLS", 20))
    print(f"# seed {seed}, {times} kills", flush=True)
    dice = random.Random(seed)
    with hall() as (kiosk, printers):
        for n in range(times):
            job = kiosk.add(n)
            victim = kiosk.start()
            try:
                victim.wait(dice.uniform(0.02, 0.8))
            except subprocess.TimeoutExpired:
                victim.kill()
                victim.wait()
        left = 0
        while any(kiosk.state(job["id"]) in ("queued", "sending") for job in kiosk.desk("list")):
            kiosk.once()
            left += 1
            assert left < 10, kiosk.desk("list")
        out = [record["name"] for record in printers.jobs()]
        for job in kiosk.desk("list"):
            assert out.count(job["job_name"]) <= 1, ("twice", job)
            assert job["copy"] == 1
            if job["state"] == "printed":
                assert out.count(job["job_name"]) == 1, ("called printed without paper", job)
            else:
                assert job["state"] in ("unknown", "failed"), job
        assert len(out) == len(printers.papers())
        print(f"# {len(out)} of {times} printed", flush=True)
        assert len(out) >= times * 3 // 4, "most are printed"


@tap.test("the fault points tested are the ones there are")
def _():
    with open(f"{SOURCE}/kiosk/base/fault.c") as file:
        assert re.findall(r'"(print\.[\w-]+)"', file.read()) == FAULTS


@tap.test("a printer's process whose parent is gone touches nothing; told no, it gives the empty job up")
def _():
    pdf = b"%PDF-1.4 SAMPLE"
    for word, expected in ((b"", []), (b"no\n", ["Cancel-Job"])):
        with IppResponder() as printer:
            order = {"do": "print", "printer": printer.uri, "name": "op-1", "media": "a4", "bytes": len(pdf)}
            child = subprocess.Popen([PRINT, "--errand", str(os.getpid())], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE)
            child.stdin.write(json.dumps(order).encode() + b"\n" + pdf)
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["say"] == "created"
            child.stdin.write(word)
            child.stdin.close()
            said = child.stdout.read()
            assert child.wait(20) == 0
            assert printer.seen[printer.seen.index("Create-Job") + 1:] == expected, printer.seen
            assert not printer.papers and (b"not-sent" in said) == bool(word), said


@tap.test("killed while the printer works, then the printer forgets: the person is asked")
def _():
    with hall(real=False) as (kiosk, printer):
        job = kiosk.add()
        killed = kiosk.start(fault="print.after-send=kill")
        assert killed.wait(20) == -signal.SIGKILL
        printer.jobs.clear()
        done = kiosk.once()
        assert done.returncode == 3 and kiosk.state(job) == "unknown", (done.stderr, kiosk.job(job))
        assert kiosk.job(job)["reason"] == "not-found" and len(printer.papers) == 1
        assert kiosk.once().returncode == 0 and len(printer.papers) == 1


@tap.test("a restored store whose job the printer remembers is not printed again")
def _():
    with hall(real=False) as (kiosk, printer):
        job = kiosk.add()
        printer.jobs[7] = {"name": kiosk.job(job)["job_name"], "state": "completed"}
        assert kiosk.once().returncode == 0
        assert kiosk.state(job) == "printed" and not printer.papers


@tap.test("out of paper before the start: no job is made; refilled it prints; cancelled it does not")
def _():
    with hall(real=False) as (kiosk, printer):
        printer.state, printer.reasons = "stopped", ["media-empty-error"]
        job, unwanted = kiosk.add(0), kiosk.add(1)
        kiosk.start()
        until(lambda: kiosk.health() == "media-empty", "media-empty")
        until(lambda: printer.seen.count("Get-Printer-Attributes") > 3, "asked again")
        assert kiosk.state(job) == "queued" and "Create-Job" not in printer.seen
        kiosk.desk("cancel", unwanted)
        printer.state, printer.reasons = "idle", ["none"]
        until(lambda: kiosk.state(job) == "printed", "printed")
        assert len(printer.papers) == 1 and kiosk.state(unwanted) == "cancelled"


@tap.test("every word of a printer leads to the right condition, worst first")
def _():
    with hall(real=False) as (kiosk, printer):
        kiosk.start()
        for reasons, state, condition in (
                (["media-low-warning"], "idle", "media-low"),
                (["media-low-report", "cover-open-warning"], "idle", "cover-open"),
                (["media-empty", "media-jam-error"], "stopped", "jam"),
                (["com.example-cheerful"], "idle", "other"),
                (["none"], "stopped", "stopped"),
                (["toner-empty-error"], "stopped", "marker-empty"),
                (["none"], "idle", "ready")):
            printer.reasons, printer.state = reasons, state
            until(lambda: kiosk.health() == condition, f"{reasons} {state}: {condition}, not {kiosk.health()}")
        printer.accepting = False
        until(lambda: kiosk.health() == "paused", "paused")
        printer.accepting = True
        for behaviour in ("garbage", "close", "http-500", "no-attributes"):
            printer.behave["Get-Printer-Attributes"] = behaviour
            until(lambda: kiosk.health() in ("not-answering", "unreachable"), behaviour)
            printer.behave.clear()
            until(lambda: kiosk.health() == "ready", "ready after " + behaviour)


@tap.test("silence or nonsense before the document: nothing comes out, nothing is claimed")
def _():
    with hall(real=False) as (kiosk, printer):
        kiosk.start()
        n = 0
        for operation in ("Get-Printer-Attributes", "Get-Jobs", "Create-Job"):
            for behaviour in ("garbage", "hang", "busy"):
                if operation == "Get-Jobs" and behaviour == "busy":
                    continue
                printer.behave = {operation: behaviour}
                job, n = kiosk.add(n), n + 1
                if operation == "Get-Jobs":
                    # Without an answer nobody can say that it was not printed before: but this row never left.
                    until(lambda: kiosk.state(job) in ("failed", "printed"), operation + behaviour, 60)
                else:
                    until(lambda: kiosk.state(job) == "failed", f"{operation} {behaviour}", 60)
                    assert not printer.papers
                printer.papers.clear()
                printer.behave = {}
                until(lambda: kiosk.health() == "ready", "ready")


@tap.test("silence while or after the document: unknown or failed, never sent twice")
def _():
    with hall(real=False) as (kiosk, printer):
        kiosk.start("--stall", "2")
        n = 0
        for behave in ({"Send-Document": "eat"}, {"Send-Document": "hang"}, {"Send-Document": "garbage"},
                       {"Send-Document": "close"}, {"Get-Job-Attributes": "hang"}, {"Get-Job-Attributes": "garbage"},
                       {"Get-Job-Attributes": "drip"}):
            printer.behave = behave
            printer.papers.clear()
            job, n = kiosk.add(n), n + 1
            until(lambda: kiosk.state(job) in ("unknown", "failed", "printed"), str(behave), 60)
            state = kiosk.state(job)
            assert state != "printed" or printer.papers, (behave, "printed without paper")
            assert len(printer.papers) <= 1, behave
            if behave.get("Send-Document") == "eat":
                assert state == "printed", (state, "the job can still be asked for")
            if "Get-Job-Attributes" in behave:
                assert state == "unknown", (behave, state)
            printer.behave = {}
            until(lambda: kiosk.health() == "ready", "ready")
            assert len(printer.papers) <= 1, behave


@tap.test("a CUPS destination is asked for at the print server, by its name")
def _():
    with hall(real=False) as (kiosk, server):
        kiosk.set_printers("front-desk")
        os.environ["CUPS_SERVER"] = server.uri.split("/")[2]
        try:
            job = kiosk.add()
            assert kiosk.once().returncode == 0 and kiosk.state(job) == "printed"
        finally:
            del os.environ["CUPS_SERVER"]
        assert server.asked == {("/printers/front-desk", "ipp://localhost/printers/front-desk")}, server.asked
        assert len(server.papers) == 1


@tap.test("an unknown job is settled by itself when the printer can tell again")
def _():
    with hall(real=False) as (kiosk, printer):
        job = kiosk.add()
        printer.behave = {"Get-Job-Attributes": "garbage"}
        assert kiosk.once("--stall", "2").returncode == 3 and kiosk.state(job) == "unknown"
        printer.behave = {}
        assert kiosk.once().returncode == 0 and kiosk.state(job) == "printed" and len(printer.papers) == 1


tap.main()
