#!/usr/bin/python3
"""A visitor hands in by touch while something fails: the printer is out of paper, aborts, stalls or vanishes; the city is away.

What was shown and printed is kept here, outside of the product, and compared with what the store and the city hold.
"""
import os
import signal
import subprocess
import tempfile

import tap
from hand_in import HandIn
from print_hall import children_of

STORED = "本机已收到您的申请，将自动上传；收到不等于受理。"
SAFE = "本机已收到您的申请，将自动上传，不需要重新提交"
folder = tempfile.TemporaryDirectory()
walk = HandIn(folder.name + "/site")


def one_more(papers, city, copies=1):
    """One case more in the city, and so many papers of it."""
    walk.until(lambda: len(walk.in_city()) > len(city), "the case in the city")
    walk.until(lambda: walk.waits() == 0, "the end of the backlog")
    new = set(walk.in_city()) - set(city)
    assert len(new) == 1 and len(walk.in_city()) == len(city) + 1
    assert walk.numbers_on(walk.papers()[len(papers):]) == list(new) * copies
    return new.pop()


def leave(v):
    v.tap("完成，清除信息")
    v.sees("办理业务", exact=False)


def job():
    """The newest row of the spool."""
    return walk.spool()[0]


@tap.test("out of paper: the screen says what happened and what is safe; nothing is called printed; one receipt once there is paper")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.behave("media-empty")
    v = walk.open()
    walk.hand_in(v)
    v.sees("纸用完了", exact=False, seconds=60)
    v.sees("本机已收到您的申请", exact=False)
    assert v.sees_now(SAFE, exact=False)
    assert not v.sees_now("请取走回执", exact=False) and walk.papers() == papers and job()["state"] != "printed"
    walk.until(lambda: len(walk.in_city()) == len(city) + 1, "the case in the city")
    assert walk.papers() == papers
    walk.behave("normal")
    v.sees("请取走回执", exact=False, seconds=60)
    number = one_more(papers, city)
    assert walk.shown(v) == {number} and job()["state"] == "printed"
    leave(v)
    assert len(walk.papers()) == len(papers) + 1


@tap.test("the printer takes the job and aborts: said so, nothing printed; printed again when the visitor asks")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.behave("abort")
    v = walk.open()
    walk.hand_in(v)
    v.sees("纸没有打出来", exact=False, seconds=60)
    assert v.sees_now(SAFE, exact=False) and v.sees_now("打印机没有打完", exact=False)
    assert job()["state"] == "failed" and walk.papers() == papers
    walk.behave("normal")
    v.tap("再打一次", "push button")
    v.sees("请取走回执", exact=False, seconds=60)
    number = one_more(papers, city)
    assert walk.shown(v) == {number}
    leave(v)


@tap.test("the printer stalls: given up in the end, said so, and the visitor goes on without paper; none comes to a stranger")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.behave("stall")
    v = walk.open()
    walk.hand_in(v)
    v.sees("纸没有打出来", exact=False, seconds=60)
    assert v.sees_now(SAFE, exact=False)
    assert job()["state"] == "failed" and walk.papers() == papers
    v.tap("不要纸了", "push button")
    v.sees("已提交，等待收件", exact=False)
    number, = walk.shown(v)
    walk.behave("normal")
    leave(v)
    assert one_more(papers, city, copies=0) == number
    assert job()["state"] == "cancelled" and walk.papers() == papers


@tap.test("the printer vanishes while it prints: the person is asked, nothing comes twice; a second try says it is unreachable")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.behave("slow", "60")
    v = walk.open()
    walk.hand_in(v)
    walk.until(lambda: job()["state"] == "sending", "at the printer")
    for process in children_of(walk.printer_pid()) + [walk.printer_pid()]:
        os.kill(process, signal.SIGKILL)
    v.sees("纸出来了吗？", exact=False, seconds=60)
    assert v.sees_now(SAFE, exact=False) and job()["state"] == "unknown"
    assert not v.sees_now("请取走回执", exact=False)
    v.tap("没有，再打一张", "push button")
    v.sees("再打一次", "push button", seconds=60)
    assert v.sees_now(SAFE, exact=False) and v.sees_now("打印机没有回应", exact=False)
    walk.new_printers()
    v.tap("再打一次", "push button")
    v.sees("请取走回执", exact=False, seconds=60)
    number = one_more(papers, city)
    assert walk.shown(v) == {number} and job()["copy"] == 2, "it says that it is another copy"
    leave(v)


@tap.test("the city away: everything works, screen and receipt say so, and the backlog drains by itself when it returns")
def _():
    papers, city = walk.papers(), walk.in_city()
    walk.site.end("city")
    v = walk.open()
    walk.hand_in(v)
    v.sees("请取走回执", exact=False, seconds=60)
    number, = walk.shown(v)
    assert v.sees_now("已提交，等待收件") and v.sees_now(STORED), v.words()
    assert not [w for w in v.words() if "已收件" in w or "已受理" in w], v.words()
    paper = walk.until(lambda: walk.papers()[len(papers):], "the receipt")
    text = "".join(subprocess.check_output(["pdftotext", paper[0], "-"], text=True).split())
    assert number in text and "已提交等待收件" in text and STORED in text and "已收件" not in text, text
    leave(v)
    assert number in walk.in_store() and number not in walk.in_city() and walk.waits() > 0
    walk.site.start_city()
    walk.until(lambda: number in walk.in_city(), "the case in the city", 120)
    assert one_more(papers, city) == number


if __name__ == "__main__":
    with folder, walk:
        tap.main()
