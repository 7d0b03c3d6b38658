#!/usr/bin/python3
"""Every page of the terminal, through the real shell: what it looks like, and what it says to who cannot see it.

The pictures are compared with those of tests/data/golden at 360 px width: a page is another one when a patch of
it is. `test-pages.py --update` takes the pictures of now as the golden ones; look at them before you commit.
"""
import atexit
import contextlib
import functools
import glob
import json
import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from PIL import Image, ImageChops, ImageFilter

import ending
import ipp_responder
import plain_screen
import session_bus
import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
GOLDEN = SOURCE + "/tests/data/golden"
TODAY = 2089506240                       # 2036-03-19 10:24 in Suzhou: after every build
LANGUAGES = ["zh_CN", "en"]
CONTROLS = {"push button", "toggle button", "check box", "radio button", "text", "entry", "password text", "link", "list item"}
CONFIGURATION = """
[code-reader]
device=keyboard
[hours]
open=9:00-17:00
"""

UPDATE = "--update" in sys.argv
if UPDATE:
    sys.argv.remove("--update")

folder = tempfile.mkdtemp(prefix="onestop-pages-")
atexit.register(shutil.rmtree, folder, True)
stack = contextlib.ExitStack()
atexit.register(stack.close)
bus = stack.enter_context(session_bus.SessionBus(folder + "/bus"))
screen = stack.enter_context(plain_screen.PlainScreen(folder + "/screen"))
import screen_reader  # noqa: E402 (after the bus)


def start(name, *options, clock=True, screen_used=screen, also=(), more=""):
    """A kiosk of its own: enrolled, with an empty store; `also` for its environment, `more` for its configuration."""
    home = os.path.join(folder, name)
    os.makedirs(home, exist_ok=True)
    environment = {**os.environ, **bus.environment, **screen_used.environment()}
    if clock:
        environment["ONESTOP_CLOCK_STILL"] = str(TODAY)
    environment.update(also)
    subprocess.run([BUILD + "/tests/kit/make-site", home], env=environment, check=True)
    with open(home + "/kiosk.conf", "a") as file:
        file.write(CONFIGURATION + more)
    log = open(home + "/kiosk.out", "w")
    process = subprocess.Popen([BUILD + "/bin/onestop-kiosk", "--config", home + "/kiosk.conf", *options],
                               env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    stack.callback(end, process)
    return process, home


def end(process):
    ending.end(process)
    process.stdin.close()
    process.stdout.close()


def complaints(home):
    with open(home + "/kiosk.out") as file:
        return [line for line in file if re.search(r"CRITICAL|WARNING|ERROR \*\*", line) and "AT-SPI" not in line]


@functools.cache
def walk():
    """One walk over all pages: {(name, language): [things on the screen]}, and the folder of the pictures."""
    process, home = start("walk", "--pictures", folder + "/pictures", "--step")
    pages = {}
    while True:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        line = process.stdout.readline() if ready else ""
        if not line:
            break
        _, name, language = line.split()
        root = screen_reader.program("onestop-kiosk")
        things = screen_reader.things(root)
        deadline = time.monotonic() + 5
        while len(things) < 8 and time.monotonic() < deadline:
            things = screen_reader.things(root)
        pages[name, language] = things
        process.stdin.write("\n")
        process.stdin.flush()
    return pages, process.wait(30), home


@tap.test("the walk reaches every page, in both languages, without a complaint of GTK")
def _():
    pages, status, walk_home = walk()
    assert status == 0, (status, open(walk_home + "/kiosk.out").read()[-2000:])
    with open(SOURCE + "/ui/kiosk/page-table.c") as file:
        table = re.findall(r'\{\s*SESSION_\w+, "([\w-]+)"', file.read())
    there = {name for name, _ in pages}
    missing = [f"{page}-{language}" for page in table for language in LANGUAGES
               if (page, language) not in pages and not (page == "attract" and language == "en")]
    assert not missing, f"no picture of {missing}; there is {sorted(there)}"
    assert not complaints(walk_home), complaints(walk_home)[:5]


@tap.test("every control has a name, and nothing is named by its type")
def _():
    wrong = []
    for (page, language), things in walk()[0].items():
        for thing in things:
            if thing.role in CONTROLS and not thing.name.strip():
                wrong.append(f"{page}-{language}: {thing!r} has no name")
            if re.match(r"(Gtk|Gdk|GtkBuiltin)\w*$", thing.name) or \
                    re.fullmatch(r"[A-Z][a-z]+([A-Z][a-z]+)+", thing.name) and thing.role != "frame":
                wrong.append(f"{page}-{language}: {thing!r} is named by its type")
    assert not wrong, "\n".join(wrong)


@tap.test("no control is smaller than a finger, none stands on another, none outside the screen")
def _():
    wrong = []
    for (page, language), things in walk()[0].items():
        # A sheet lies over the page; what is under it cannot be reached.
        if page in ("help", "guide-print", "guide-phone"):
            continue
        controls = [t for t in things if t.role in CONTROLS]
        for t in controls:
            if t.height < 70 or t.width < 70:
                wrong.append(f"{page}-{language}: {t!r} is small")
            if t.x < 0 or t.x + t.width > 1080:
                wrong.append(f"{page}-{language}: {t!r} is outside")
    assert not wrong, "\n".join(wrong)


@tap.test("a page in English shows no Chinese of ours, and the other way round")
def _():
    wrong = []
    for (page, language), things in walk()[0].items():
        if page == "attract":
            continue
        for thing in things:
            if thing.role not in CONTROLS or language != "en":
                continue
            if re.search(r"[一-鿿]", thing.name) and thing.name != "中文":
                wrong.append(f"{page}-{language}: {thing!r}")
    assert not wrong, "\n".join(wrong)


@tap.test("every page offers a way to a person, and the two buttons alone act on the idle page")
def _():
    for (page, language), things in walk()[0].items():
        if page == "attract":
            continue
        words = {"zh_CN": "呼叫专员", "en": "Call a specialist"}[language]
        assert any(words in t.name for t in things), (page, language)


@tap.test("after a submission the page says what this machine has, and that it is neither received nor accepted")
def _():
    pages, _, _ = walk()
    for language, words, never in (
            ("zh_CN", ("已提交，等待收件", "本机已收到您的申请，将自动上传；收到不等于受理。"), ("已收件", "已受理", "受理成功")),
            ("en", ("Handed in, waiting to be received", "This machine has your application and will send it on by itself. "
                    "That does not mean it is accepted for processing."), ("has been accepted", "was received"))):
        said = [thing.name for thing in pages["submitted", language]]
        for sentence in words:
            assert sentence in said, (language, sentence, said)
        assert not [s for s in said for n in never if n in s], (language, said)


def difference(one, other):
    """The worst mean difference (0..255) of any 12 px patch of two pictures of one size."""
    both = ImageChops.difference(one.convert("L"), other.convert("L"))
    return both.filter(ImageFilter.BoxBlur(6)).getextrema()[1]


def shrunk(path):
    picture = Image.open(path).convert("RGB")
    return picture, picture.resize((360, picture.height * 360 // picture.width), Image.LANCZOS)




@tap.test("the pictures are the golden ones")
def _():
    wrong = []
    walk()
    os.makedirs(GOLDEN, exist_ok=True)
    names = {os.path.basename(p) for p in glob.glob(folder + "/pictures/*.png")}
    assert len(names) > 30, names
    for name in sorted(names):
        whole, picture = shrunk(f"{folder}/pictures/{name}")
        assert whole.size == (1080, 1920), (name, whole.size)
        path = f"{GOLDEN}/{name}"
        if UPDATE:
            picture.quantize(64).save(path, optimize=True)
        elif not os.path.exists(path):
            wrong.append(f"{name}: no golden picture")
        else:
            far = difference(picture, Image.open(path).convert("RGB"))
            if far > 24:
                kept = os.path.join(BUILD, "golden-" + name)
                picture.save(kept)
                wrong.append(f"{name}: differs by {far}; see {kept}")
    left = {os.path.basename(p) for p in glob.glob(GOLDEN + "/*.png")} - names
    if UPDATE:
        for name in left:
            os.remove(f"{GOLDEN}/{name}")
    elif left:
        wrong.append(f"golden pictures without a page: {sorted(left)}")
    assert not wrong, "\n".join(wrong)


@tap.test("the comparison sees another word and passes over a shade")
def _():
    walk()
    _, picture = shrunk(f"{folder}/pictures/home-zh_CN.png")
    _, other = shrunk(f"{folder}/pictures/home-en.png")
    assert difference(picture, other) > 24
    shade = picture.point(lambda v: max(0, v - 6))
    assert difference(picture, shade) <= 24


@contextlib.contextmanager
def live(name, *options, **more):
    """A running kiosk: its process, folder and accessible root."""
    process, home = start(name, *options, **more)
    try:
        yield process, home, tree(process, home)
    finally:
        end(process)


def tree(process, home):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(0.5)
    assert process.poll() is None, open(home + "/kiosk.out").read()
    return screen_reader.program("onestop-kiosk")


PAUSE = 0.4                              # a person's, longer than the dead time after a change of page


def press(root, name, **more):
    screen_reader.wait(root, name, **more)
    select.select([], [], [], PAUSE)
    thing = screen_reader.wait(root, name, **more)
    screen.click(*thing.centre)
    return thing


@tap.test("pages follow the finger: wake, guide, language, back, end")
def _():
    with live("live") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        press(root, "服务指南", role="push button")
        screen_reader.wait(root, "资格认定", role="push button")
        press(root, "English", role="push button")
        screen_reader.wait(root, "Recognition", role="push button")   # the same page
        press(root, "Back", role="push button")
        screen_reader.wait(root, "Check eligibility", role="push button")
        press(root, "Take a ticket", role="push button")
        screen_reader.wait(root, "Print ticket", role="push button")
        press(root, "End and clear", role="push button")
        screen_reader.wait(root, "资格查询", role="push button")        # home, in the first language again
        assert process.poll() is None
        assert not complaints(home), complaints(home)


def tell(home, *statements):
    """What the daemons beside the kiosk would write into its store."""
    with contextlib.closing(sqlite3.connect(home + "/kiosk/store.db", timeout=10)) as db, db:
        for statement in statements:
            db.execute(statement)


SEEN = ("INSERT INTO device_health VALUES ('{0}', '{1}', NULL, {2}, {2}) ON CONFLICT (device) DO UPDATE SET condition = '{1}'")


@tap.test("the bar tells of printer, scanner and network, with a word where something is wrong")
def _():
    now = TODAY * 1000
    with live("hints", more="[scanner]\ndevice=folder:/\n") as (_, home, root):
        press(root, "轻触屏幕", exact=False)
        screen_reader.wait(root, "扫描仪")
        for nobody_looked in ("打印机", "离线", "网络"):
            assert not screen_reader.find(root, nobody_looked), nobody_looked
        tell(home, SEEN.format("receipt-printer", "ready", now), f"UPDATE peer SET last_attempt = {now}, last_success = {now}")
        screen_reader.wait(root, "打印机")
        screen_reader.wait(root, "网络")
        assert not screen_reader.find(root, "离线")
        press(root, "服务指南", role="push button")
        screen_reader.wait(root, "资格认定", role="push button")
        assert screen_reader.find(root, "打印机").width < 80, "in a session a fine device is its picture alone"
        tell(home, SEEN.format("scanner", "jammed", now), "UPDATE peer SET failures = 1")
        fault = screen_reader.wait(root, "扫描仪故障")
        end = screen_reader.find(root, "结束并清除", role="push button")
        assert fault.x + fault.width <= end.x and end.x + end.width <= 1080, (fault, end)
        assert not screen_reader.find(root, "打印机") and not screen_reader.find(root, "离线"), "the worst trouble has not the room"
        press(root, "English", role="push button")
        screen_reader.wait(root, "Scanner fault")
        tell(home, SEEN.format("receipt-printer", "media-empty", now))
        press(root, "End and clear", role="push button")
        for words in ("打印机缺纸", "扫描仪故障", "离线"):
            screen_reader.wait(root, words)
        assert not complaints(home), complaints(home)


@tap.test("a closed hall shows its hours, and the guide to read without a way into an application")
def _():
    evening = {"ONESTOP_CLOCK_STILL": str(TODAY + 12 * 3600)}
    with live("closed", also=evening) as (process, home, root):
        screen_reader.wait(root, "大厅现在不办公", exact=False)
        assert screen_reader.find(root, "办公时间：09:00–17:00", exact=False)
        assert not screen_reader.find(root, "轻触屏幕", exact=False)
        press(root, "看服务指南", role="push button")
        press(root, "资格认定", role="push button")
        press(root, "海外高层次人才居住证", exact=False)
        screen_reader.wait(root, "带什么", exact=False)
        assert not screen_reader.find(root, "现在办理", exact=False)
        assert not complaints(home), complaints(home)


@tap.test("the hall opens and closes by itself")
def _():
    for second, first, then in ((8 * 3600 + 59 * 60 + 40, "大厅现在不办公", "轻触屏幕"),
                                (16 * 3600 + 59 * 60 + 40, "轻触屏幕", "大厅现在不办公")):
        at = TODAY - 10 * 3600 - 24 * 60 + second
        with live(f"turns-{second}", clock=False, also={"ONESTOP_CLOCK_OFFSET": str(int(at - time.time()))}) as (_, home, root):
            screen_reader.wait(root, first, exact=False)
            screen_reader.wait(root, then, exact=False, seconds=60)
            assert not complaints(home), complaints(home)


@tap.test("a service is found by the initials of its pinyin, typed on the screen; nothing found leads to a person")
def _():
    with live("search") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        press(root, "服务指南", role="push button")
        press(root, "搜事项", role="text")
        for letter in "znrx":
            press(root, letter, role="push button")
        screen_reader.wait(root, "找到 1 项")
        assert not screen_reader.find(root, "待遇落实", role="push button"), "the groups are still there"
        press(root, "清空搜索", role="push button")
        screen_reader.wait(root, "待遇落实", role="push button")
        for letter in "qqqq":
            press(root, letter, role="push button")
        screen_reader.wait(root, "没有找到", exact=False)
        press(root, "问专员", role="push button")
        screen_reader.wait(root, "请到本大厅人才专窗", exact=False)
        assert process.poll() is None
        assert not complaints(home), complaints(home)


@tap.test("the guide comes out of the page printer and is never spooled; while nobody prints, the screen says so")
def _():
    with ipp_responder.IppResponder() as printer, \
            live("paper", clock=False, also={"ONESTOP_CLOCK_OFFSET": str(int(TODAY - time.time()))},
                 more=f"[page-printer]\nuri={printer.uri}\n") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        press(root, "服务指南", role="push button")
        press(root, "姑苏英才服务卡", role="push button")
        press(root, "打印", role="push button")
        press(root, "办事指南（一次性告知）", role="push button")
        screen_reader.wait(root, "没有打印", exact=False)
        press(root, "关闭", role="push button")
        daemon = subprocess.Popen([BUILD + "/bin/onestop-print", "--config", home + "/kiosk.conf", "--poll", "1"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(ending.end, daemon)
        deadline = time.monotonic() + 20
        while not glob.glob(home + "/**/print.sock", recursive=True):
            assert time.monotonic() < deadline and daemon.poll() is None, "onestop-print does not listen"
            select.select([], [], [], 0.1)
        press(root, "打印", role="push button")
        press(root, "空白申请表", role="push button")
        screen_reader.wait(root, "请取走纸张", seconds=30)
        assert len(printer.papers) == 1, printer.seen
        text = subprocess.run(["pdftotext", "-", "-"], input=printer.papers[0], capture_output=True).stdout.decode()
        assert "姑苏英才服务卡申请表" in text, text
        assert not complaints(home), complaints(home)


@tap.test("a guide says what comes first and what goes not together; the check on home asks of all services even after it")
def _():
    with live("first") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        press(root, "服务指南", role="push button")
        press(root, "待遇落实", role="push button")
        press(root, "人才落户", role="push button")
        for words in ("先办什么", "人事代理", "不能同时办", "海外高层次人才居住证"):
            screen_reader.wait(root, words, exact=False)
        press(root, "返回", role="push button")
        press(root, "返回", role="push button")
        press(root, "资格查询", role="push button")
        screen_reader.wait(root, "您是下面哪一类顶尖人才", exact=False)
        assert not complaints(home), complaints(home)


@tap.test("a second tap right after a change of page hits nothing")
def _():
    with live("double") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        tile = screen_reader.wait(root, "服务指南", role="push button")
        select.select([], [], [], PAUSE)
        # Both taps at once on a place where the next page has a button, too.
        screen.xdotool("mousemove", int(tile.centre[0]), int(tile.centre[1]), "click", "--repeat", 4, "--delay", 20, 1)
        screen_reader.wait(root, "本机可办", exact=False)
        select.select([], [], [], 0.6)
        assert screen_reader.find(root, "待遇落实", role="push button"), "the catalogue is no longer there"


@tap.test("no shortcut leads out of the terminal")
def _():
    with live("shortcuts") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        screen_reader.wait(root, "资格查询", role="push button")
        for keys in ("ctrl+shift+i", "ctrl+shift+d", "ctrl+q", "ctrl+w", "F11", "F10", "Escape", "Menu"):
            screen.xdotool("key", keys)
        select.select([], [], [], 0.5)
        windows = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], env={**os.environ, "DISPLAY": screen.display},
                                 capture_output=True, text=True).stdout.split()
        assert process.poll() is None
        assert len(windows) <= 2, windows
        assert screen_reader.find(root, "资格查询", role="push button")


@tap.test("Tab goes through home as it is read, Enter presses")
def _():
    with live("tab") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        screen_reader.wait(root, "资格查询", role="push button")
        select.select([], [], [], PAUSE)
        expected = ["English", "资格查询", "服务指南", "办理业务", "取号", "扫码签到", "进度查询", "呼叫专员"]
        screen.xdotool("key", "Tab")
        seen = []
        for _ in expected:
            focused = [t.name for t in screen_reader.things(root)
                       if t.role in CONTROLS and t.focused]
            seen.append(focused[0] if focused else None)
            screen.xdotool("key", "Tab")
            select.select([], [], [], 0.1)
        first = seen.index(expected[0]) if expected[0] in seen else 0
        assert seen[first:] + seen[:first] == expected, seen


@tap.test("a code reader that acts as a keyboard wakes the terminal and is answered on the code page")
def _():
    with live("wedge") as (process, home, root):
        screen_reader.wait(root, "轻触屏幕", exact=False)
        screen.xdotool("type", "--delay", 4, "YZ1:NOTACODE1234\r")
        screen_reader.wait(root, "扫码签到", role="push button")
        press(root, "扫码签到", role="push button")
        screen_reader.wait(root, "正在等待扫码")
        screen.xdotool("type", "--delay", 4, "YZ1:NOTACODE1234\r")
        screen_reader.wait(root, "这不是本大厅的码", exact=False)
        screen.xdotool("type", "--delay", 4, "https://example.org/abcdef\r")
        screen_reader.wait(root, "没读清", exact=False)


def printed_code(home):
    """The code of the slip that the terminal queued for its printer."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for path in glob.glob(home + "/**/*.db", recursive=True):
            with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(path)) as store:
                for data, in store.execute("SELECT data FROM slip"):
                    return json.loads(data)["ticket_text"]
        select.select([], [], [], 0.2)
    raise AssertionError("no slip was queued")


@tap.test("a result slip brings the answers back, and begins one application")
def _():
    with live("slip") as (process, home, root):
        press(root, "轻触屏幕", exact=False)
        press(root, "资格查询", role="push button")
        press(root, "中国科学院院士", role="check box")
        press(root, "看结果", role="push button")
        screen_reader.wait(root, "您可能符合")
        press(root, "打印结果单", role="push button")
        code = printed_code(home)
        press(root, "结束并清除", role="push button")
        for begun in (False, True):
            press(root, "扫码签到", role="push button")
            screen_reader.wait(root, "正在等待扫码")
            select.select([], [], [], PAUSE)
            screen.xdotool("type", "--delay", 4, code + "\r")
            screen_reader.wait(root, "您可能符合")
            screen_reader.wait(root, "第（一）类")
            press(root, "去看 英才服务卡", role="push button")
            press(root, "现在办理", role="push button")
            if begun:
                screen_reader.wait(root, "已在本机开办过一次", exact=False)
            else:
                select.select([], [], [], 1)
                assert not screen_reader.find(root, "已在本机开办过一次", exact=False)
                press(root, "结束并清除", role="push button")
                press(root, "直接清除", role="push button")
        assert not complaints(home), complaints(home)


@tap.test("without a window manager it fills the screen all the same")
def _():
    with plain_screen.PlainScreen(folder + "/bare", manager=False) as bare:
        process, home = start("bare", screen_used=bare)
        deadline = time.monotonic() + 15
        size = None
        while size != "1080x1920" and time.monotonic() < deadline:
            found = subprocess.run(["xwininfo", "-root", "-tree"], env={**os.environ, "DISPLAY": bare.display},
                                   capture_output=True, text=True).stdout
            match = re.search(r'"OneStop".*?(\d+x\d+)\+0\+0', found)
            size = match.group(1) if match else None
            select.select([], [], [], 0.05)
        assert size == "1080x1920", size
        end(process)


@tap.test("it runs in an empty network")
def _():
    with live("network") as (process, home, root):
        mine, its = os.readlink("/proc/self/ns/net"), os.readlink(f"/proc/{process.pid}/ns/net")
        if mine == its:
            with open(home + "/kiosk.out") as file:
                assert "kiosk.network" in file.read(), "it neither left the network nor said that it cannot"
            raise tap.Skip("this kernel allows no network namespace")
        with open(f"/proc/{process.pid}/net/dev") as file:
            devices = [line.split(":")[0].strip() for line in file if ":" in line]
        with open(f"/proc/{process.pid}/net/route") as file:
            routes = file.read().splitlines()[1:]
        assert set(devices) <= {"lo"} and not routes, (devices, routes)
        with open(f"/proc/{process.pid}/net/tcp") as file:
            assert len(file.read().splitlines()) == 1


tap.main()
