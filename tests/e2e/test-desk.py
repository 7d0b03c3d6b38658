#!/usr/bin/python3
"""A clerk at the desk, on real parts: signs in, calls a number, opens a case, prints its dossier on A4.

Keys and pointer go through XTEST; the accessibility tree is only read. With ONESTOP_PICTURES=DIR it leaves a picture of each step.
"""
import atexit
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
sys.path.insert(0, os.path.join(SOURCE, "assets", "demo"))
import importlib.util  # noqa: E402

spec = importlib.util.spec_from_file_location("demo_site", os.path.join(SOURCE, "assets/demo/site.py"))
demo_site = importlib.util.module_from_spec(spec)
spec.loader.exec_module(demo_site)

FOLDER = tempfile.mkdtemp(prefix="onestop-desk-")
DATA = os.path.join(SOURCE, "tests/data/submit")
PICTURES = os.environ.get("ONESTOP_PICTURES")
NAME, NUMBER = "王示例", "320508199003070025"
stack = []
state = {}


def end():
    for step in reversed(stack):
        try:
            step()
        except Exception as error:
            print("# at the end: " + str(error), flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)


atexit.register(end)


def until(condition, what, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, what + " did not come"
        time.sleep(0.05)


def picture(name):
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
        state["screen"].picture(os.path.join(PICTURES, name + ".png"))


def journal(site, kind):
    """Bodies of the desk's own entries of one kind."""
    import sqlite3
    db = sqlite3.connect("file:" + site.path("desk", "store.db") + "?mode=ro", uri=True)
    try:
        rows = [json.loads(row[0]) for row in db.execute("SELECT bytes FROM entry ORDER BY seq")]
    finally:
        db.close()
    return [row["body"] for row in rows if row["kind"] == kind]


def submit(site):
    said = site.call("onestop", "case", "submit", "--config", site.path("kiosk.conf"), "--service", "gusu-talent-card",
                     "--answers", DATA + "/answers.json", "--applicant", DATA + "/applicant.json",
                     "--on-behalf", DATA + "/on-behalf.json", "--document", "photo=" + DATA + "/photo.jpg",
                     "--document", "identity=" + DATA + "/identity.jpg", "--document", "employment=" + DATA + "/employment.pdf",
                     "--document", "equal-proof=" + DATA + "/equal-proof.png", "--notice", "privacy-talent-card",
                     "--consent", "truth=yes", "--consent", "purpose=yes", "--consent", "call-back=no",
                     "--consent", "reuse-documents=no", "--signature", DATA + "/signature.svg")
    return said.split()[0]


def reader():
    import screen_reader
    return screen_reader


def press(name, **how):
    """Clicks the middle of what is called so; never through the tree."""
    thing = reader().wait(state["root"], name, **how)
    state["screen"].click(*thing.centre)
    return thing


def shown(text, seconds=20):
    return reader().wait(state["root"], text, exact=False, seconds=seconds)


@tap.test("a site with a case and two numbers, come down to the desk")
def _():
    site = state["site"] = demo_site.Site(os.path.join(FOLDER, "site"), build=BUILD)
    stack.append(site.stop)
    site.make()
    site.start_services()
    state["number"] = submit(site)
    for family in ("A", "B"):
        site.call("onestop", "ticket", "issue", "--config", site.path("kiosk.conf"), "--family", family)
    for device in ("kiosk", "desk"):
        site.call("onestop-sync", "--config", site.path(device + ".conf"), "--once", ok=(0, 3))
    import sqlite3

    def arrived():
        db = sqlite3.connect("file:" + site.path("desk", "store.db") + "?mode=ro", uri=True)
        try:
            cases = db.execute("SELECT count (*) FROM envelope WHERE number = ?", (state["number"],)).fetchone()[0]
            wanted = db.execute("SELECT count (*) FROM envelope_object").fetchone()[0]
            here = sum(len(files) for _, _, files in os.walk(site.path("desk", "objects")))
            queue = db.execute("SELECT count (*) FROM queue_public").fetchone()[0]
        finally:
            db.close()
        return cases == 1 and wanted > 0 and here >= wanted and queue >= 2
    until(arrived, "the case and the numbers at the desk", 60)


@tap.test("the desk opens locked, and a wrong passphrase is said in plain words")
def _():
    import session_bus
    import desk_screen
    bus = session_bus.SessionBus(os.path.join(FOLDER, "bus"))
    bus.__enter__()
    stack.append(lambda: bus.__exit__())
    screen = state["screen"] = desk_screen.DeskScreen(os.path.join(FOLDER, "screen"))
    screen.__enter__()
    stack.append(lambda: screen.__exit__())
    log = open(os.path.join(FOLDER, "desk.log"), "w")
    state["log"] = log.name
    desk = state["desk"] = subprocess.Popen([os.path.join(BUILD, "bin/onestop-desk"), "--config", state["site"].path("desk.conf"),
                                             "--lock-after", "25"],
                                            env={**os.environ, **bus.environment, **screen.environment()}, stdout=log, stderr=log)
    stack.append(lambda: (desk.terminate(), desk.wait(20)))
    state["root"] = reader().program("onestop-desk")
    reader().wait(state["root"], "口令")
    assert reader().find(state["root"], state["number"], exact=False) is None, "a locked desk shows a case"
    picture("desk-1-sign-in")
    press("姓名", role="text")
    screen.type("lead")
    screen.key("Tab")
    screen.type("not-the-passphrase")
    screen.key("Return")
    shown("姓名或口令不对")
    picture("desk-2-refused")


@tap.test("the clerk signs in by keyboard, and lists hold no name")
def _():
    screen = state["screen"]
    press("姓名", role="text")
    screen.key("ctrl+a")
    screen.type("lead")
    screen.key("Tab")
    screen.type(demo_site.PASSPHRASES["lead"])
    screen.key("Return")
    shown(state["number"])
    shown("A001")
    names = [t for t in reader().things(state["root"]) if NAME in t.name or NAME in t.text]
    assert not names, f"a list shows a name: {names}"
    picture("desk-3-work")


@tap.test("F2 calls the next number, F3 again, F4 marks it missed; all of it is journalled")
def _():
    screen, site = state["screen"], state["site"]
    screen.key("F2")
    shown("正在办理 A001")
    screen.key("F3")
    until(lambda: len(journal(site, "ticket.called")) == 2, "the second call in the journal")
    screen.key("F4")
    until(lambda: journal(site, "ticket.missed"), "the missed call in the journal")
    screen.key("F2")
    shown("正在办理 B001")
    called = journal(site, "ticket.called")
    assert [c["number"] for c in called] == ["A001", "A001", "B001"] and {c["window"] for c in called} == {"1"}, called
    picture("desk-4-called")


@tap.test("a case is opened; the reading is recorded; answers and documents stand in full")
def _():
    site = state["site"]
    press(state["number"], exact=False, role="list item")
    shown(NAME)
    shown(NUMBER)
    readings = [b for b in journal(site, "audit") if b.get("action") == "case_opened"]
    assert readings == [{"action": "case_opened", "clerk": "lead", "number": state["number"]}], readings
    time.sleep(1.0) if PICTURES else None
    picture("desk-5-case")
    press("填写内容")
    shown("示例科技（苏州）有限公司")
    picture("desk-6-answers")
    press("办理进度")
    shown("已提交")
    picture("desk-7-timeline")
    press("English")
    reader().wait(state["root"], "Print dossier")
    shown(NAME)
    time.sleep(1.0) if PICTURES else None
    picture("desk-7-english")
    press("中文")
    reader().wait(state["root"], "打印卷宗")
    pane = reader().wait(state["root"], "打印卷宗")
    assert pane.x > 1920 - 580, f"the right pane grew: {pane}"
    lowest = max(t.y + t.height for t in reader().things(state["root"]))
    assert lowest <= 1080 + 2, f"something stands below the screen: {lowest}"


def check_code(pdf):
    """The cover's code is signed by the desk, and holds for the kiosk and for who shares no code with us."""
    site, cover = state["site"], os.path.join(FOLDER, "cover")
    subprocess.run(["pdftoppm", "-r", "203", "-mono", "-singlefile", "-f", "1", pdf, cover], check=True)
    subprocess.run(["convert", cover + ".pbm", cover + ".png"], check=True)
    text = subprocess.check_output(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", cover + ".png"], text=True).rstrip("\n")
    key = site.call("onestop", "ticket", "key", "--config", site.path("desk.conf")).strip()
    kit = ["/usr/bin/python3", os.path.join(SOURCE, "tests/kit/verify_ticket.py")]
    for how in (["--key", key], ["--keyset", site.path("kiosk", "keyset.json")]):
        claims = json.loads(subprocess.check_output([*kit, *how], input=text, text=True))
        assert claims["case"] == state["number"] and claims["kind"] == 2, claims
    said = json.loads(site.call("onestop", "ticket", "verify", "--json", "--config", site.path("kiosk.conf"), given=text))
    assert said["verdict"] == "good" and said["case"] == state["number"], said


@tap.test("Ctrl+P prints the dossier: one PDF at the page printer with every page and the answers")
def _():
    site, screen = state["site"], state["screen"]
    before = set(glob.glob(site.path("paper") + "/**/*.pdf", recursive=True))
    screen.key("ctrl+p")
    shown("卷宗已打印", 60)
    picture("desk-8-printed")
    new = until(lambda: set(glob.glob(site.path("paper") + "/**/*.pdf", recursive=True)) - before, "the dossier on paper")
    assert len(new) == 1, new
    pdf = new.pop()
    assert "page" in os.path.relpath(pdf, site.path("paper")), pdf
    text = subprocess.check_output(["pdftotext", "-layout", pdf, "-"], text=True)
    pages = text.split("\f")[:-1]
    assert NAME in text and "示例科技（苏州）有限公司" in text and state["number"] in text, text[:2000]
    assert NUMBER not in pages[0] and "0025" in pages[0], "the cover masks the number"
    total = len(pages)
    assert f"共 {total} 页" in text.replace("  ", " "), (total, text[-400:])
    with_papers = json.loads(subprocess.check_output(["qpdf", "--json", "--json-key=pages", pdf]))["pages"]
    assert len(with_papers) == total >= 8, total
    check_code(pdf)
    if PICTURES:
        shutil.copy(pdf, os.path.join(PICTURES, "dossier.pdf"))
    outcomes = until(lambda: [b for b in journal(site, "print.outcome") if b.get("paper") == "dossier"], "the outcome in the journal")
    assert outcomes[0]["outcome"] == "printed", outcomes


@tap.test("the command line draws the same dossier, after a passphrase and a recorded reading")
def _():
    site = state["site"]
    out = os.path.join(FOLDER, "cli.pdf")
    before = len([b for b in journal(site, "audit") if b.get("action") == "case_opened"])
    done = subprocess.run([os.path.join(BUILD, "bin/onestop"), "dossier", "pdf", state["number"], "-o", out, "--clerk", "backup"],
                          input="not-the-passphrase\n", text=True, capture_output=True, env=site.environment("onestop"))
    assert done.returncode == 3 and not os.path.exists(out), (done.returncode, done.stderr)
    site.call("onestop", "dossier", "pdf", state["number"], "-o", out, "--clerk", "backup",
              given=demo_site.PASSPHRASES["backup"] + "\n")
    text = subprocess.check_output(["pdftotext", "-layout", out, "-"], text=True)
    assert NAME in text and state["number"] in text
    assert os.stat(out).st_mode & 0o777 == 0o600
    said = site.call("onestop", "case", "show", state["number"], "--reveal", "--clerk", "backup", "--json",
                     given=demo_site.PASSPHRASES["backup"] + "\n")
    assert json.loads(said)["applicant"]["name"] == NAME, said
    assert len([b for b in journal(site, "audit") if b.get("action") == "case_opened"]) == before + 2
    said = site.call("onestop", "case", "show", state["number"], "--config", site.path("kiosk.conf"))
    assert NAME not in said


@tap.test("after silence the desk locks itself and shows nothing of the case")
def _():
    reader().wait(state["root"], "口令", seconds=60)
    things = reader().things(state["root"])
    assert not [t for t in things if NAME in t.name or NAME in t.text or state["number"] in t.name], things
    picture("desk-9-locked")
    with open(state["log"]) as log:
        said = log.read()
    assert "CRITICAL" not in said and "WARNING" not in said, said


tap.main()
