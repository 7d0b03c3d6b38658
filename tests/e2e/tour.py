#!/usr/bin/python3
"""The main job by itself, from touch to city, on real parts; says what it does and ends 0 only if everything held.

    ./kiosk/run --headless-tour

A talent at the kiosk (true touch events), a clerk at the desk (keys and pointer), the central office in a browser; then programs
that share no code with the product look at what was left: the city's copy, the paper, the files. Pictures of each screen
stay in build/demo/screens/tour.
"""
import glob
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, SOURCE + "/tests/kit")

import canary                                   # noqa: E402
from session_bus import SessionBus              # noqa: E402
from touch_screen import TouchScreen            # noqa: E402

BUILD = os.environ.get("ONESTOP_BUILD", SOURCE + "/build")
NAME, NUMBER, MAIL = "王示例", "320508199003070025", "sample"
started = time.monotonic()


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


demo = load("demo_site", SOURCE + "/assets/demo/site.py")


def say(text):
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


class Tour:
    def __init__(self, folder):
        self.site = demo.Site(folder, BUILD)
        self.pictures = self.site.path("screens", "tour")
        self.work = tempfile.mkdtemp(prefix="tour-")

    # ---- getting ready ----

    def prepare(self):
        self.site.make()
        self.site.stop()
        shutil.rmtree(self.pictures, ignore_errors=True)
        os.makedirs(self.pictures)
        for name in os.listdir(self.site.path("paper")):
            os.unlink(self.site.path("paper", name))
        # A real SANE device with a real page on it: the pnm backend.
        self.page = os.path.join(self.work, "page.ppm")
        subprocess.run(["convert", SOURCE + "/assets/demo/papers/passport-specimen.jpg", "-compress", "none", "-depth", "8",
                        "PPM:" + self.page], check=True)
        with open(self.page, "rb") as file:
            assert file.read(2) in (b"P6", b"P3")
        subprocess.run(["convert", SOURCE + "/assets/demo/papers/passport-specimen.jpg", "-depth", "8", "PNM:" + self.page], check=True)
        sane = os.path.join(self.work, "sane")
        os.mkdir(sane)
        with open(sane + "/dll.conf", "w") as file:
            file.write("pnm\n")
        os.environ["SANE_CONFIG_DIR"] = sane
        self.site.start_services()
        with open(self.site.path("kiosk.conf")) as file:
            text = file.read()
        # A code reader on a serial line: the other end of a pseudo-terminal.
        self.reader, self.line = os.openpty()
        text = text.replace("[code-reader]\ndevice=keyboard", "[code-reader]\ndevice=serial:" + os.ttyname(self.line))
        lines = [("device=sane:pnm:0;filename=" + self.page) if line.startswith("device=folder:") else line
                 for line in text.splitlines()]
        self.conf = self.site.path("tour.conf")
        with open(self.conf, "w") as file:
            file.write("\n".join(lines) + "\n")

    def open_kiosk(self, screen):
        import screen_reader
        from visitor import Visitor
        self.temporary = os.path.join(self.work, "tmp")
        os.makedirs(self.temporary, exist_ok=True)
        environment = {**os.environ, **screen.environment(), "TMPDIR": self.temporary}
        with open(self.site.path("run", "kiosk-ui.log"), "ab") as log:
            self.kiosk = subprocess.Popen([self.site.program("onestop-kiosk"), "--config", self.conf], env=environment,
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        root = screen_reader.program("onestop-kiosk")
        return Visitor(screen, root, self.pictures)

    def wake(self, v):
        time.sleep(0.5)
        v.screen.tap(540, 960)
        v.sees("办理业务", exact=False)

    # ---- 1: a talent ----

    def check_eligibility(self, v):
        say("a talent wakes the kiosk and checks eligibility")
        v.picture("attract")
        self.wake(v)
        v.picture("home")
        v.tap("资格查询", exact=False)
        for step in range(12):
            v.picture(f"question-{step + 1}")
            if v.sees_now("您可能", exact=False) or v.sees_now("属于", exact=False) or not self.answer(v):
                break
        v.sees("您可能", exact=False)
        v.picture("result")
        assert not any("千人计划" in w for w in v.words()), "the old name stands outside the policy's text"
        v.tap("结束并清除")
        self.ask_away(v)

    def answer(self, v):
        """Answers the question on the screen: the first option that is no heading. FALSE if there is none."""
        import screen_reader
        options = [t for t in screen_reader.things(v.root) if t.role == "check box"]
        if not options:
            return False
        if not any(o.checked for o in options):
            v.tap(options[0].name, "check box")
        before = v.words()
        for name in ("下一题", "下一步", "看结果", "查看结果"):
            if v.sees_now(name, "push button"):
                v.tap(name, "push button")
                break
        deadline = time.monotonic() + 10
        while v.words() == before and time.monotonic() < deadline:
            time.sleep(0.1)
        return True

    def ask_away(self, v):
        """Back to the first screen, whatever it asks before."""
        deadline = time.monotonic() + 10
        while not v.sees_now("办理业务", exact=False):
            if v.sees_now("直接清除", "push button"):
                v.tap("直接清除", "push button")
            if time.monotonic() > deadline:
                raise AssertionError("the session does not end")
            if not v.sees_now("办理业务", exact=False) and not v.sees_now("直接清除"):
                v.screen.tap(540, 960)
            time.sleep(0.3)

    def browse(self, v):
        say("browses the guide in both languages")
        v.tap("服务指南", exact=False)
        v.sees("资格认定", exact=False)
        v.picture("catalogue")
        v.tap("English")
        v.sees("Recognition", exact=False)
        v.picture("catalogue-en")
        v.tap("中文")
        v.sees("资格认定", exact=False)
        v.tap("返回", "push button")
        v.sees("办理业务", exact=False)

    def fill_in(self, v):
        say("fills in the form of 姑苏英才服务卡 with the keyboard on the screen")
        v.tap("办理业务", exact=False)
        v.tap("姑苏英才服务卡", exact=False)
        v.picture("guide")
        v.tap("现在办理")
        v.tap("本人办理", "check box")
        v.tap("下一步")
        v.tap("居民身份证", "check box")
        v.tap("姓名", "text")
        v.pinyin("wang", "王")
        v.type("shili")
        v.picture("form-pinyin")
        v.pinyin("", "示例")
        v.tap("居民身份证号码", "text")
        v.type(NUMBER[:-1] + "9")
        v.tap("电子邮箱", "text")
        v.sees("对不上", exact=False)       # the wrong check digit is named, what stands is kept
        v.picture("form-check-digit")
        v.tap("居民身份证号码", "text")
        v.key("退格", "Erase")
        v.type(NUMBER[-1])
        v.tap("电子邮箱", "text")
        v.type(MAIL)
        v.key("符号", "Symbols")
        v.type("@")
        v.key("字母", "Letters")
        v.type("example")
        v.key("句号", "Full stop")
        v.type("org")
        v.tap("下一步")
        v.tap("受聘工作", "check box")
        v.tap("单位名称", "text")
        v.pinyin("suzhou", "苏州")
        v.pinyin("youxiangongsi", "有限公司")
        v.tap("统一社会信用代码", "text")
        v.type("91320508")
        v.type("MA000T5X8F")
        v.tap("下一步")
        v.sees("计划和称号", exact=False)
        v.tap("江苏省“双创人才”", "check box")
        v.tap("否", "check box")
        v.picture("form-titles")
        v.tap("下一步")
        v.tap("本人", "check box")
        v.tap("下一步")
        v.sees("请把材料交给本机")

    def papers(self, v):
        say("scans a paper and takes files from the stick")
        v.picture("materials")
        v.tap("扫描: 有效身份证件")
        v.tap("扫描", "push button")
        v.sees("左转", seconds=60)
        v.picture("scan")
        v.tap("右转", "push button")
        v.tap("左转", "push button")
        v.tap("删除这页", "push button")
        v.tap("扫描", "push button")
        v.sees("左转", seconds=60)
        v.tap("重扫这页", "push button")
        time.sleep(1)
        v.sees("扫好了", seconds=60)
        v.tap("扫好了")
        v.sees("请把材料交给本机")
        for slot, name in (("入选文件或证书", "title-proof-specimen.pdf"), ("劳动合同或营业执照", "contract-specimen.jpg"),
                           ("照片", "photo-specimen.jpg")):
            v.tap("读取 U 盘: " + slot)
            v.sees(name, exact=False)
            v.picture("stick")
            v.tap(name, "push button", exact=False)
            v.sees("已加入", seconds=30)
            v.tap("完成", "push button")
            v.sees("请把材料交给本机")
        v.picture("materials-complete")
        v.tap("下一步")

    def hand_in(self, v):
        say("reviews, consents, signs with a finger and hands in")
        v.sees("提交前，请核对一遍")
        v.picture("review")
        v.tap("English")
        v.sees("Check everything once more")
        v.picture("review-en")
        v.tap("中文")
        v.tap("核对无误")
        v.sees("阅读、授权、签名")
        v.picture("notice")
        v.tap("我已阅读本告知书", "check box")
        agreed = 0
        import screen_reader
        while True:
            open_ones = [t for t in screen_reader.things(v.root) if t.role == "check box" and t.name == "同意"]
            if agreed >= len(open_ones):
                break
            v.tap("同意", "check box", nth=agreed)
            agreed += 1
        say(f"  {agreed} consents, each asked by itself")
        pad = v.bring("签名框")
        x, y = pad.x + 150, pad.y + 60
        for stroke in ([(0, 10), (110, 0)], [(20, 50), (95, 44)], [(-10, 104), (130, 92)], [(58, 0), (56, 100)],      # 王
                       [(200, 20), (300, 12)], [(250, 0), (215, 110)], [(240, 60), (320, 100)]):
            (x0, y0), (x1, y1) = stroke
            v.screen.stroke([(x + x0 + (x1 - x0) * i / 14, y + y0 + (y1 - y0) * i / 14) for i in range(15)], pace=0.017)
        time.sleep(0.3)
        v.picture("sign")
        self.still_nowhere("during the session")
        v.tap("确认提交")
        v.sees("已提交，等待收件")
        v.picture("submitted")
        self.number = next(w for w in v.words() if len(w) == 12 and w[3] == "-" and w[10] == "-")
        say(f"  case number {self.number}")
        self.receipt = self.site.wait_for(lambda: glob.glob(self.site.path("paper", "receipt-*.pdf")), "the receipt")[0]
        v.sees("请取走回执", seconds=30)
        v.picture("submitted-printed")
        v.tap("完成，清除信息")
        v.sees("办理业务", exact=False)

    def draw_ticket(self, v):
        say("another visitor draws a queue ticket")
        v.tap("取号", exact=False)
        v.picture("ticket-choose")
        import screen_reader
        choice = next(t for t in screen_reader.things(v.root) if t.role in ("push button", "check box") and "综合" in t.name)
        v.tap(choice.name)
        for name in ("取号", "打印号票", "确认取号"):
            if v.sees_now(name, "push button"):
                v.tap(name, "push button")
                break
        ticket = self.site.wait_for(lambda: [p for p in sorted(glob.glob(self.site.path("paper", "receipt-*.pdf"))) if p != self.receipt],
                                    "the ticket")[0]
        self.ticket = ticket
        time.sleep(1)
        self.place_number = next(w for w in v.words() if len(w) == 4 and w[0] == "A" and w[1:].isdigit())
        v.picture("ticket-printed")
        v.tap("结束并清除")
        self.ask_away(v)

    # ---- 2: a clerk ----

    def desk(self):
        say("a clerk at the desk signs in, calls the next number, opens the case and prints its dossier")
        import screen_reader
        from desk_screen import DeskScreen
        log = open(self.site.path("run", "desk-ui.log"), "ab")
        with DeskScreen(os.path.join(self.work, "desk")) as screen:
            desk = subprocess.Popen([self.site.program("onestop-desk"), "--config", self.site.path("desk.conf")],
                                    env={**os.environ, **screen.environment()}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                root = screen_reader.program("onestop-desk")
                screen.click(*screen_reader.wait(root, "姓名", role="text").centre)
                screen.type("lead")
                screen.key("Tab")
                screen.type(demo.PASSPHRASES["lead"])
                screen.key("Return")
                row = screen_reader.wait(root, self.number, role="list item", exact=False, seconds=60)
                screen.picture(os.path.join(self.pictures, "desk-1-work.png"))
                screen.key("F2")
                screen_reader.wait(root, "正在办理 A", exact=False)
                screen.click(*row.centre)
                screen_reader.wait(root, NAME, exact=False)
                screen_reader.wait(root, NUMBER, exact=False)
                # The documents come down sealed, one after the other.
                self.site.wait_for(lambda: self.desk_has_all(), "the sealed documents at the desk")
                screen.key("ctrl+p")
                screen_reader.wait(root, "卷宗已打印", exact=False, seconds=60)
                screen.picture(os.path.join(self.pictures, "desk-2-case.png"))
            except BaseException:
                screen.picture(os.path.join(self.pictures, "desk-when-it-failed.png"))
                raise
            finally:
                desk.terminate()
                desk.wait(20)
                log.close()
        dossier = glob.glob(self.site.path("paper", "page-*.pdf"))
        assert len(dossier) == 1, dossier
        pages = subprocess.check_output(["pdftotext", "-layout", dossier[0], "-"], text=True).split("\f")[:-1]
        whole = "".join(pages)
        # A cover, the case, answers, timeline and index, and a page for each page handed in: 1 scan, 2 of the PDF, contract, photo.
        assert len(pages) >= 4 + 5, f"the dossier has {len(pages)} pages"
        assert NAME in whole and self.number in whole and NUMBER not in pages[0]
        assert all(self.number in page for page in pages), "a page without the case number"
        say(f"  the dossier has {len(pages)} pages")

    def desk_has_all(self):
        import sqlite3
        database = sqlite3.connect(f"file:{self.site.path('desk', 'store.db')}?mode=ro", uri=True, timeout=10)
        try:
            wanted = database.execute("SELECT count(*) FROM envelope_object").fetchone()[0]
        finally:
            database.close()
        return sum(len(files) for _, _, files in os.walk(self.site.path("desk", "objects"))) >= wanted

    # ---- 3: the central office ----

    def central_office(self):
        say("the central office receives the case and accepts it for processing")
        from console_browser import Clerk
        self.site.wait_for(lambda: self.city("SELECT count(*) FROM case_file WHERE number = ?", self.number) == [(1,)], "the case in the city")
        with Clerk(self.site.listening()["console"], pictures=self.pictures) as clerk:
            clerk.sign_in("centre", demo.PASSPHRASES["centre"])
            assert self.number in clerk.text(), clerk.text()
            clerk.open_case(self.number)
            clerk.act("receive")
            assert "已收件" in clerk.text()
            clerk.open_file()
            assert NAME in clerk.text() and NUMBER[-4:] in clerk.text()
            clerk.picture("console-case") if hasattr(clerk, "picture") else None
            clerk.act("accept")
            assert "已受理" in clerk.text()

    def city(self, sql, *values):
        import sqlite3
        database = sqlite3.connect(f"file:{self.site.path('city', 'city.db')}?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    # ---- 1 again: later ----

    def track(self, v, text):
        say("the receipt again: the kiosk shows 收件 and 受理 with their days")
        v.tap("进度查询", exact=False)
        time.sleep(0.5)
        v.picture("track-prompt")
        self.scan_code(v, text)
        deadline = time.monotonic() + 30
        while True:
            words = " ".join(v.words())
            if "收件" in words and "受理" in words and self.number in words and "已受理" in words:
                break
            if time.monotonic() > deadline:
                raise AssertionError(words)
            time.sleep(0.5)
        v.picture("track")
        v.tap("结束并清除")
        self.ask_away(v)

    def place(self, v, text):
        say("scans the ticket again: the place in the queue")
        v.tap("扫码签到", exact=False)
        time.sleep(0.5)
        self.scan_code(v, text)
        v.sees(self.place_number)
        v.picture("place")
        v.tap("结束并清除")
        self.ask_away(v)

    def scan_code(self, v, text):
        """What a code reader on the serial line sends."""
        os.write(self.reader, text.encode() + b"\r\n")

    # ---- what was left ----

    def read_code(self, pdf):
        """The QR code of a paper, rendered at 203 dpi in 1 bit, read by zbarimg."""
        picture = os.path.join(self.work, os.path.basename(pdf))
        subprocess.run(["pdftoppm", "-r", "203", "-mono", "-singlefile", pdf, picture], check=True)
        subprocess.run(["convert", picture + ".pbm", picture + ".png"], check=True)
        shutil.copy(picture + ".png", os.path.join(self.pictures, "paper-" + os.path.basename(pdf) + ".png"))
        done = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture + ".png"], capture_output=True, text=True)
        assert done.stdout.startswith("YZ1:"), "the QR code on the paper cannot be read"
        return done.stdout.strip("\n")

    def verify(self, text):
        say("an independent program verifies the receipt's code, and refuses it with one bit flipped")
        command = ["/usr/bin/python3", SOURCE + "/tests/kit/verify_ticket.py", "--keyset", self.site.path("kiosk", "keyset.json")]
        good = subprocess.run(command, input=text, text=True, capture_output=True)
        assert good.returncode == 0, good.stderr
        assert self.number in good.stdout
        letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
        at = len(text) - 20
        flipped = text[:at] + letters[letters.index(text[at]) ^ 1] + text[at + 1:]
        bad = subprocess.run(command, input=flipped, text=True, capture_output=True)
        assert bad.returncode != 0, "a flipped bit was not noticed"

    def open_in_city(self):
        say("a program that shares no code with ours opens the city's copy")
        entries = [e for (e,) in self.city("SELECT bytes FROM device_log") if json.loads(e)["kind"] == "case.submitted"
                   and json.loads(e)["body"]["number"] == self.number]
        assert len(entries) == 1, f"{len(entries)} entries of this case"
        entry = entries[0]
        path, into = os.path.join(self.work, "entry.json"), os.path.join(self.work, "opened")
        os.makedirs(into, exist_ok=True)
        with open(path, "wb") as file:
            file.write(entry if isinstance(entry, bytes) else entry.encode())
        done = subprocess.run(["/usr/bin/python3", SOURCE + "/tests/kit/open_case.py", "--entry", path, "--key",
                               self.site.path("city", "keys", "working.key"), "--objects", self.site.path("city", "objects"), "--into", into],
                              text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        with open(into + "/body.json") as file:
            body = json.load(file)
        text = json.dumps(body, ensure_ascii=False)
        assert NAME in text and NUMBER in text and "苏州有限公司" in text and MAIL + "@example.org" in text
        assert {c["id"]: c["given"] for c in body["consents"]}["truth"] is True
        for slot, name in (("title-proof", "title-proof-specimen.pdf"), ("employment", "contract-specimen.jpg"), ("photo", "photo-specimen.jpg")):
            opened = glob.glob(f"{into}/{slot}-0*")[0]
            with open(opened, "rb") as a, open(self.site.path("stick", name), "rb") as b:
                assert a.read() == b.read(), f"{name} is not the file of the stick"
        scan = glob.glob(f"{into}/identity-0*")[0]
        self.compare_scan(scan)
        assert glob.glob(f"{into}/signature-0*"), "no signature"

    def compare_scan(self, scan):
        import numpy
        from PIL import Image
        a = numpy.asarray(Image.open(scan).convert("RGB"), dtype=float)
        b = numpy.asarray(Image.open(self.page).convert("RGB"), dtype=float)
        assert a.shape == b.shape, f"the scan is {a.shape}, the page {b.shape}"
        error = ((a - b) ** 2).mean()
        ratio = 99 if error == 0 else 10 * numpy.log10(255 ** 2 / error)
        say(f"  the scan matches the page: PSNR {ratio:.1f} dB")
        assert ratio >= 35

    def still_nowhere(self, when):
        found = canary.search([NAME, NUMBER], [self.site.path("kiosk"), self.temporary, self.site.path("run")])
        assert not found, f"{when}: {found[:5]}"

    def nothing_left(self):
        say("the planted name and number are in no file of the kiosk; the search itself finds its controls")
        canary.search_finds_controls()
        self.still_nowhere("after the session")

    # ---- all of it ----

    def run(self):
        self.prepare()
        say("the site runs: city, hall, printers")
        try:
            with SessionBus(os.path.join(self.work, "bus")):
                with TouchScreen(os.path.join(self.work, "screen")) as screen:
                    v = self.open_kiosk(screen)
                    try:
                        self.check_eligibility(v)
                        self.browse(v)
                        self.fill_in(v)
                        self.papers(v)
                        self.hand_in(v)
                        self.draw_ticket(v)
                        code, ticket = self.read_code(self.receipt), self.read_code(self.ticket)
                        self.verify(code)
                        self.desk()
                        self.central_office()
                        self.track(v, code)
                        self.place(v, ticket)
                        self.open_in_city()
                        self.nothing_left()
                    except BaseException:
                        screen.picture(os.path.join(self.pictures, "when-it-failed.png"))
                        raise
                    finally:
                        self.kiosk.terminate()
                        self.kiosk.wait(20)
        finally:
            self.site.stop()
            shutil.rmtree(self.work, ignore_errors=True)
        say(f"done: pictures in {self.pictures}")


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else BUILD + "/demo"
    try:
        Tour(folder).run()
    except (AssertionError, demo.Trouble, OSError, subprocess.SubprocessError) as error:
        print(f"tour: {error}", file=sys.stderr)
        import traceback
        traceback.print_exc()
        sys.exit(1)
