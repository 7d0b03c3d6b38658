#!/usr/bin/python3
"""A code reader that acts as a keyboard: a real keyboard device types what such a reader types, key by key, into the real kiosk.

The keyboard is one of the X server's own (kit/touch_screen), not a client that asks for events: a reader of a US layout, which
holds Shift for capitals and for ':' '$' '%' '*' '+'. The speed of readers is alone what tells them from people, so nothing
else runs beside this test.
"""
import atexit
import contextlib
import json
import os
import select
import subprocess
import tempfile
import time

import submit_words
import tap
from session_bus import SessionBus
from touch_screen import TouchScreen

BUILD = os.environ["ONESTOP_BUILD"]
SHIFT, CONTROL, ENTER = 50, 37, 36
TOO_LONG = 4096                                 # four times the longest line; the unit test types a megabyte
# X key codes (evdev + 8) of a US keyboard: plain and with Shift.
ROWS = ((10, "1234567890-=", "!@#$%^&*()_+"), (24, "qwertyuiop[]", "QWERTYUIOP{}"), (38, "asdfghjkl;'", 'ASDFGHJKL:"'),
        (52, "zxcvbnm,./", "ZXCVBNM<>?"), (65, " ", ""))
KEYS = {letter: (first + i, shift) for first, plain, shifted in ROWS for shift, letters in ((False, plain), (True, shifted))
        for i, letter in enumerate(letters)}


class Reader:
    """The keyboard device: as fast as a reader, or as slow as a person."""

    def __init__(self, screen):
        self.screen = screen

    def key(self, code, pause=0):
        """Without a pause the next key follows at once: how busy this process is must not make a person of a reader."""
        self.screen.key(code, True)
        self.screen.key(code, False)
        if pause:
            self.screen.keyboard.wait()
            select.select([], [], [], pause)

    def type(self, text, pause=0, end=True):
        for letter in text:
            code, shift = KEYS[letter]
            if shift:
                self.screen.key(SHIFT, True)
            self.key(code, pause)
            if shift:
                self.screen.key(SHIFT, False)
        if end:
            self.key(ENTER, pause)
        self.screen.keyboard.wait()


def onestop(home, *words):
    return subprocess.run([BUILD + "/bin/onestop", *words, "--config", home + "/kiosk.conf"], check=True, capture_output=True, text=True).stdout


def hand_in(home):
    """A case of this machine: its number and its receipt's code."""
    number = json.loads(onestop(home, *submit_words.words(), "--json"))["number"]
    onestop(home, "receipt", "pdf", number, "-o", home + "/receipt.pdf")
    subprocess.run(["pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", home + "/receipt.pdf", home + "/receipt"], check=True)
    code = subprocess.check_output(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", home + "/receipt.png"], text=True)
    return number, code.rstrip("\n")


stack = contextlib.ExitStack()
atexit.register(stack.close)
state = {}


def begin():
    """The kiosk on a touch screen, at its code page in every test."""
    if state:
        return state["visitor"], state["reader"]
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="onestop-reader-"))
    home = folder + "/site"
    os.mkdir(home)
    subprocess.run([BUILD + "/tests/kit/make-site", home], check=True)
    with open(home + "/kiosk.conf", "a") as file:
        file.write("[code-reader]\ndevice=keyboard\n")
    state["number"], state["code"] = hand_in(home)
    state["ticket"] = onestop(home, "ticket", "issue", "--family", "A").rstrip("\n")
    bus = stack.enter_context(SessionBus(folder + "/bus"))
    screen = stack.enter_context(TouchScreen(folder + "/screen"))
    import screen_reader
    from visitor import Visitor
    log = stack.enter_context(open(home + "/kiosk.out", "w"))
    kiosk = subprocess.Popen([BUILD + "/bin/onestop-kiosk", "--config", home + "/kiosk.conf"], stdin=subprocess.DEVNULL, stdout=log,
                             stderr=log, env={**os.environ, **bus.environment, **screen.environment()})
    stack.callback(lambda: (kiosk.terminate(), kiosk.wait(20)))
    state.update(home=home, screen=screen, kiosk=kiosk, reader=Reader(screen),
                 visitor=Visitor(screen, screen_reader.program("onestop-kiosk")))
    state["visitor"].sees("轻触屏幕", exact=False)
    screen.tap(540, 960)
    return state["visitor"], state["reader"]


def at_code_page(v):
    if v.sees_now("结束并清除", "push button"):
        v.tap("结束并清除", "push button")
    v.tap("扫码签到", exact=False)
    v.sees("正在等待扫码")
    time.sleep(0.4)


@tap.test("a receipt's code, typed by a reader, opens the tracking page")
def _():
    v, reader = begin()
    at_code_page(v)
    reader.type(state["code"])
    v.sees(state["number"], exact=False)
    v.sees("已存本机，待上传", exact=False)


@tap.test("a queue ticket's code opens its place in the queue")
def _():
    v, reader = begin()
    at_code_page(v)
    reader.type(state["ticket"])
    v.sees("A001", exact=False)


@tap.test("the same text typed by a person is nobody's code")
def _():
    v, reader = begin()
    at_code_page(v)
    reader.type(state["ticket"][:14], pause=0.12)
    time.sleep(1)
    assert v.sees_now("正在等待扫码") and not v.sees_now("A001", exact=False), v.words()


@tap.test("a line that does not end is one that could not be read, and the next one is read")
def _():
    v, reader = begin()
    at_code_page(v)
    began = time.monotonic()
    code, _ = KEYS["7"]
    for _ in range(TOO_LONG // 256):
        for _ in range(256):
            state["screen"].key(code, True)
            state["screen"].key(code, False)
        state["screen"].keyboard.wait()
    reader.key(ENTER)
    v.sees("没读清", exact=False, seconds=60)
    print(f"# {TOO_LONG} keys in {time.monotonic() - began:.1f} s", flush=True)
    reader.type(state["ticket"])
    v.sees("A001", exact=False)


@tap.test("control keys in a line, and a line of Chinese, are unreadable and lead nowhere")
def _():
    v, reader = begin()
    at_code_page(v)
    reader.type(state["ticket"][:40], end=False)
    for code in (9, 23, 22, 71, 95, 119):       # Escape, Tab, Backspace, F5, F11, Delete
        reader.key(code)
    state["screen"].key(CONTROL, True)
    reader.key(KEYS["q"][0])
    state["screen"].key(CONTROL, False)
    reader.type(state["ticket"][40:])
    time.sleep(1.5)
    assert state["kiosk"].poll() is None and v.sees_now("返回", "push button"), v.words()
    at_code_page(v)
    subprocess.run(["xdotool", "type", "--delay", "2", "苏州人才服务一站式终端\r"], check=True,
                   env={**os.environ, **state["screen"].environment()})
    v.sees("没读清", exact=False)


@tap.test("a reader's line does not become text of the field a person writes in; a person's keys do")
def _():
    v, reader = begin()
    v.tap("结束并清除", "push button")
    for name, role in (("办理业务", None), ("姑苏英才服务卡", None), ("现在办理", None), ("本人办理", "check box"), ("下一步", None),
                       ("居民身份证", "check box"), ("姓名", "text")):
        v.tap(name, role, exact=role is not None or name in ("现在办理", "下一步"))
    reader.type(state["code"])
    reader.type("HTTPS://EXAMPLE.ORG/A")
    time.sleep(1)
    assert v.sees_now("姓名", "text").text == "", v.sees_now("姓名", "text")
    reader.type("wang", pause=0.2, end=False)
    deadline = time.monotonic() + 5
    while v.sees_now("姓名", "text").text != "wang" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert v.sees_now("姓名", "text").text == "wang", v.sees_now("姓名", "text")


@tap.test("GTK had nothing to complain of")
def _():
    with open(state["home"] + "/kiosk.out") as file:
        wrong = [line for line in file if "CRITICAL" in line or "Gtk-WARNING" in line]
    assert not wrong, wrong[:5]


tap.main()
