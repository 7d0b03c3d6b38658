"""hand_in: a visitor hands in by touch, again and again, while something fails. For tests of faults.

    with hand_in.HandIn(folder) as walk:
        v = walk.open("intake.before-commit=kill")      # the kiosk, a fault armed; v is the visitor before its home
        walk.fill_in(v)
        walk.sign_and_press(v)

One real site, its service cut down to one question and one document, so that a walk takes seconds: the tour walks
the whole of it. What was shown and printed is read from outside of the product and compared with the store and the city.
"""
import glob
import json
import os
import re
import shutil
import signal
import sys
import time

SOURCE = os.environ["ONESTOP_SOURCE"]
sys.path.insert(0, SOURCE + "/tests/e2e")

import tour                                     # noqa: E402
from print_hall import codes_of                 # noqa: E402
from session_bus import SessionBus              # noqa: E402
from touch_screen import TouchScreen            # noqa: E402

CASE_NUMBER = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{6}-[0-9A-Z]\b")
SERVICE, DOCUMENT, FILE = "姑苏英才服务卡", "照片", "photo-specimen.jpg"
# Impatient, so that a printer that hangs or is gone is given up in seconds.
PRINT = ["--poll", "1", "--stall", "6", "--mend", "120", "--gone", "3", "--silence", "6"]


def short_assets(folder):
    """The shipped assets with one service cut down; what else they hold is theirs."""
    assets = os.environ.get("ONESTOP_ASSETS", SOURCE + "/assets")
    os.makedirs(folder + "/guide")
    for name in os.listdir(assets):
        if name != "guide":
            os.symlink(f"{assets}/{name}", f"{folder}/{name}")
    for name in os.listdir(assets + "/guide"):
        os.symlink(f"{assets}/guide/{name}", f"{folder}/guide/{name}")
    with open(assets + "/guide/320500.json") as file:
        guide = json.load(file)
    service = next(s for s in guide["services"] if s["id"] == "gusu-talent-card")
    service["form"] = [section for section in service["form"] if section["id"] == "result"]
    service["materials"] = [m for m in service["materials"] if m["id"] == "photo"]
    service["consents"] = ["truth"]
    os.unlink(folder + "/guide/320500.json")
    with open(folder + "/guide/320500.json", "w") as file:
        json.dump(guide, file, ensure_ascii=False)
    return folder


class HandIn(tour.Tour):
    def __init__(self, folder):
        super().__init__(folder)
        self.kiosk = None

    def __enter__(self):
        os.environ["ONESTOP_ASSETS"] = short_assets(self.work + "/assets")
        self.site.make()
        self.site.start_services()
        self.start_print()
        self.conf = self.site.path("kiosk.conf")
        self.bus = SessionBus(os.path.join(self.work, "bus"))
        self.bus.__enter__()
        self.screen = TouchScreen(os.path.join(self.work, "screen"))
        self.screen.__enter__()
        self.pictures = None
        return self

    def __exit__(self, *_):
        self.close()
        self.screen.__exit__(None, None, None)
        self.bus.__exit__(None, None, None)
        self.site.stop()
        shutil.rmtree(self.work, ignore_errors=True)

    # ---- the site ----

    def start_print(self):
        self.site.end("kiosk-print")
        self.site.start("kiosk-print", "onestop-print", "--config", self.site.path("kiosk.conf"), *PRINT)

    def new_printers(self):
        """Printers that were gone are back; they may have other addresses."""
        self.site.printer_kit("stop", self.site.path("run", "printers"))
        self.site.start_printers()
        self.site.write_device_conf("kiosk", self.site.printers(), self.site.listening())
        self.start_print()

    def behave(self, *mode):
        self.site.printer_kit("behave", self.site.path("run", "printers"), "receipt", *mode)

    def printer_pid(self):
        with open(self.site.path("run", "printers", "receipt.pid")) as file:
            return int(file.read())

    # ---- the kiosk ----

    def open(self, fault=None):
        """Opens the kiosk, with a fault armed or without; gives the visitor before the home screen."""
        self.close()
        os.environ.pop("ONESTOP_FAULT", None)
        if fault:
            os.environ["ONESTOP_FAULT"] = fault
        try:
            v = self.open_kiosk(self.screen)
        finally:
            os.environ.pop("ONESTOP_FAULT", None)
        v.pictures = None
        self.wake(v)
        return v

    def close(self):
        if self.kiosk is not None:
            if self.kiosk.poll() is None:
                self.kiosk.terminate()
            self.kiosk.wait(20)
        self.kiosk = None

    def until(self, condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            result = condition()
            if result:
                return result
            assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
            time.sleep(0.2)

    # ---- the visitor ----

    def fill_in(self, v):
        v.tap("办理业务", exact=False)
        v.tap(SERVICE, exact=False)
        v.tap("现在办理")
        v.tap("本人", "check box")
        v.tap("下一步")
        v.sees("请把材料交给本机")
        v.tap("读取 U 盘: " + DOCUMENT)
        v.tap(FILE, "push button", exact=False)
        v.sees("已加入", seconds=30)
        v.tap("完成", "push button")
        v.sees("请把材料交给本机")
        v.tap("下一步")

    def sign_and_press(self, v):
        """From the review to the press of the last button; what comes then is the test's to see."""
        v.sees("提交前，请核对一遍")
        v.tap("核对无误")
        v.sees("阅读、授权、签名")
        v.tap("我已阅读本告知书", "check box")
        v.tap("同意", "check box")
        pad = v.bring("签名框")
        for row in (60, 110):
            v.screen.stroke([(pad.x + 150 + 20 * i, pad.y + row) for i in range(15)], pace=0.017)
        v.tap("确认提交")

    def hand_in(self, v):
        self.fill_in(v)
        self.sign_and_press(v)

    def draw(self, v):
        v.tap("取号", exact=False)
        v.tap("人才综合专窗", "check box")
        v.tap("打印号票", "push button")

    # ---- the ledger's other side ----

    def papers(self):
        return sorted(glob.glob(self.site.path("paper", "receipt-*.pdf")))

    def numbers_on(self, papers):
        """The case numbers in the codes of these papers, one a paper; text on paper is drawn as outlines."""
        numbers = []
        for paper in papers:
            code, = codes_of(paper)
            said = self.site.call("onestop", "ticket", "show", "--config", self.conf, given=code)
            numbers.append(CASE_NUMBER.search(said).group())
        return numbers

    def in_store(self):
        return CASE_NUMBER.findall(self.site.call("onestop", "case", "list", "--config", self.conf))

    def in_city(self):
        return [n for (n,) in self.city("SELECT number FROM case_file ORDER BY number")]

    def waits(self):
        """How many entries and objects wait for the city, as onestop-sync says."""
        state = json.loads(self.site.call("onestop-sync", "--config", self.conf, "--status", "--json", ok=(0, 1, 2, 3, 4, 5)))
        return state["entries"] + state["objects"]

    def spool(self):
        return json.loads(self.site.call("onestop", "print", "list", "--config", self.conf, "--json"))

    def shown(self, v):
        """The case numbers on the screen now."""
        return {n for words in v.words() for n in CASE_NUMBER.findall(words)}

    def dies(self, v):
        """Waits for the kiosk's death and gives every number it showed until then."""
        import screen_reader
        numbers = set()
        deadline = time.monotonic() + 60
        while self.kiosk.poll() is None:
            assert time.monotonic() < deadline, "the kiosk lives"
            try:
                numbers |= self.shown(v)
            except screen_reader.Gone:
                pass
        assert self.kiosk.returncode == -signal.SIGKILL, self.kiosk.returncode
        return numbers
