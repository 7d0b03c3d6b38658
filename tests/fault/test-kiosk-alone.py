#!/usr/bin/python3
"""A visitor hands in by touch while something fails: the kiosk is killed, the printer is out of paper, the city is away.

What was shown and printed is kept here, outside of the product, and compared with what the store and the city hold.
"""
import glob
import json
import os
import re
import shutil
import sys
import tempfile
import time

import tap

SOURCE = os.environ["ONESTOP_SOURCE"]
sys.path.insert(0, SOURCE + "/tests/e2e")

import tour                                     # noqa: E402
from session_bus import SessionBus              # noqa: E402
from touch_screen import TouchScreen            # noqa: E402

CASE_NUMBER = re.compile(r"\b[0-9A-Z]{3}-[0-9]{6}-[0-9A-Z]\b")


class Walk(tour.Tour):
    """One site for all tests; the shortest way through the form, all papers from the stick."""

    def __enter__(self):
        self.site.make()
        self.site.start_services()
        self.conf = self.site.path("kiosk.conf")
        self.kiosk = None
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
        time.sleep(0.5)
        v.screen.tap(540, 960)
        v.sees("办理业务", exact=False)
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

    def fill_in(self, v):
        v.tap("办理业务", exact=False)
        v.tap("姑苏英才服务卡", exact=False)
        v.tap("现在办理")
        v.tap("本人办理", "check box")
        v.tap("下一步")
        v.tap("居民身份证", "check box")
        v.tap("姓名", "text")
        v.pinyin("wang", "王")
        v.pinyin("shili", "示例")
        v.tap("居民身份证号码", "text")
        v.type(tour.NUMBER)
        v.tap("电子邮箱", "text")
        v.type("a")
        v.key("符号", "Symbols")
        v.type("@")
        v.key("字母", "Letters")
        v.type("b")
        v.key("句号", "Full stop")
        v.type("org")
        v.tap("下一步")
        v.tap("受聘工作", "check box")
        v.tap("单位名称", "text")
        v.pinyin("suzhou", "苏州")
        v.tap("统一社会信用代码", "text")
        v.type("91320508MA000T5X8F")
        v.tap("下一步")
        v.sees("计划和称号", exact=False)
        v.tap("江苏省“双创人才”", "check box")
        v.tap("否", "check box")
        v.tap("下一步")
        v.tap("本人", "check box")
        v.tap("下一步")
        v.sees("请把材料交给本机")
        for slot, name in (("有效身份证件", "passport-specimen.jpg"), ("入选文件或证书", "title-proof-specimen.pdf"),
                           ("劳动合同或营业执照", "contract-specimen.jpg"), ("照片", "photo-specimen.jpg")):
            v.tap("读取 U 盘: " + slot)
            v.tap(name, "push button", exact=False)
            v.sees("已加入", seconds=30)
            v.tap("完成", "push button")
            v.sees("请把材料交给本机")
        v.tap("下一步")

    def sign_and_press(self, v):
        """From the review to the press of the last button; what comes then is the test's to see."""
        import screen_reader
        v.sees("提交前，请核对一遍")
        v.tap("核对无误")
        v.sees("阅读、授权、签名")
        time.sleep(0.5)         # the slide of the page change is over
        v.tap("我已阅读本告知书", "check box")
        for n in range(len([t for t in screen_reader.things(v.root) if t.role == "check box" and t.name == "同意"])):
            v.tap("同意", "check box", nth=n)
        pad = v.bring("签名框")
        for row in (60, 110):
            v.screen.stroke([(pad.x + 150 + 20 * i, pad.y + row) for i in range(15)], pace=0.017)
        time.sleep(0.3)
        v.tap("确认提交")

    # ---- the ledger's other side ----

    def papers(self):
        return sorted(glob.glob(self.site.path("paper", "receipt-*.pdf")))

    def in_store(self):
        return CASE_NUMBER.findall(self.site.call("onestop", "case", "list", "--config", self.conf))

    def in_city(self):
        return [n for (n,) in self.city("SELECT number FROM case_file ORDER BY number")]

    def shown(self, v):
        """The case numbers on the screen now."""
        return {n for words in v.words() for n in CASE_NUMBER.findall(words)}

    def dies(self, v):
        """Waits for the kiosk's death and gives every number it showed until then."""
        numbers = set()
        deadline = time.monotonic() + 60
        while self.kiosk.poll() is None:
            assert time.monotonic() < deadline, "the kiosk lives"
            try:
                numbers |= self.shown(v)
            except Exception:       # the tree goes with the program
                pass
        assert self.kiosk.returncode == -9, self.kiosk.returncode
        return numbers

    def clean_home(self, v):
        words = " ".join(v.words())
        for text in ("王示例", tour.NUMBER, "a@b.org"):
            assert text not in words, words


folder = tempfile.TemporaryDirectory()
walk = Walk(folder.name + "/site")


@tap.test("killed before the commit: no case, no number, no paper, nothing in the city; a clean home after")
def _():
    cases, papers, city = walk.in_store(), walk.papers(), walk.in_city()
    v = walk.open("intake.before-commit=kill")
    walk.fill_in(v)
    walk.sign_and_press(v)
    assert walk.dies(v) == set()
    v = walk.open()
    walk.clean_home(v)
    assert walk.in_store() == cases
    walk.site.call("onestop-sync", "--config", walk.conf, "--once", ok=(0, 1, 2, 3, 4))
    assert walk.papers() == papers and walk.in_city() == city


@tap.test("killed after the commit: exactly one case in the city, exactly one receipt")
def _():
    papers, city = walk.papers(), walk.in_city()
    v = walk.open("intake.after-commit=kill")
    walk.fill_in(v)
    walk.sign_and_press(v)
    walk.dies(v)
    v = walk.open()
    walk.clean_home(v)
    walk.until(lambda: len(walk.in_city()) > len(city), "the case in the city")
    walk.until(lambda: len(walk.papers()) > len(papers), "the receipt")
    walk.until(lambda: waits() == 0, "the end of the backlog")
    assert len(walk.in_city()) == len(city) + 1 and len(walk.papers()) == len(papers) + 1


def waits():
    """How many entries and objects wait for the city, as onestop-sync says."""
    state = json.loads(walk.site.call("onestop-sync", "--config", walk.conf, "--status", "--json", ok=(0, 1, 2, 3, 4, 5)))
    return state["entries"] + state["objects"]


@tap.test("out of paper: the screen says what happened and what is safe; nothing is called printed; one receipt once there is paper")
def _():
    papers, city = walk.papers(), walk.in_city()
    printers = walk.site.path("run", "printers")
    walk.site.printer_kit("behave", printers, "receipt", "media-empty")
    v = walk.open()
    walk.fill_in(v)
    walk.sign_and_press(v)
    v.sees("纸用完了", exact=False, seconds=60)
    v.sees("本机已收到您的申请", exact=False)
    assert not v.sees_now("请取走回执", exact=False) and walk.papers() == papers
    walk.until(lambda: len(walk.in_city()) == len(city) + 1, "the case in the city")
    assert walk.papers() == papers
    walk.site.printer_kit("behave", printers, "receipt", "normal")
    if v.sees_now("再打一次", exact=False):
        v.tap("再打一次", exact=False)
    v.sees("请取走回执", exact=False, seconds=60)
    walk.until(lambda: len(walk.papers()) > len(papers), "the receipt")
    assert walk.shown(v) == set(walk.in_city()) - set(city)
    v.tap("完成，清除信息")
    v.sees("办理业务", exact=False)
    assert len(walk.papers()) == len(papers) + 1 and len(walk.in_city()) == len(city) + 1


@tap.test("the city away: everything works, the receipt says so, and the backlog drains by itself when it returns")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.site.end("city")
    v = walk.open()
    walk.fill_in(v)
    walk.sign_and_press(v)
    v.sees("请取走回执", exact=False, seconds=60)
    (number,) = walk.shown(v)
    assert v.sees_now("本机", exact=False)
    paper = walk.until(lambda: walk.papers()[len(papers):], "the receipt")
    assert len(paper) == 1
    v.tap("完成，清除信息")
    v.sees("办理业务", exact=False)
    assert number in walk.in_store() and number not in walk.in_city() and waits() > 0
    walk.site.start_city()
    walk.until(lambda: number in walk.in_city(), "the case in the city", 120)
    walk.until(lambda: waits() == 0, "the end of the backlog", 60)
    assert walk.in_city() == sorted(city + [number]) and len(walk.papers()) == len(papers) + 1


if __name__ == "__main__":
    with folder, walk:
        tap.main()
