#!/usr/bin/python3
"""How soon the terminal stands there, and what memory it takes, beside Debian's Chromium in kiosk mode with the same
home page (home.html). One eye looks at both: a page is painted when the screen's own pixels have its colours.

Nothing fails for being slow. On a machine that does other work the figures are printed and called no result.
"""
import atexit
import contextlib
import glob
import importlib.util
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from Xlib import X
from Xlib import display as xdisplay

import plain_screen
import session_bus
import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
RUNS = 5
QUIET = 1.5            # 1-minute load above which a figure is no result
PATIENCE = 60          # seconds for a page to be painted
SETTLE = 8             # seconds from the home screen to its memory
INK, GREEN, WALL = (0x1B, 0x26, 0x2B), (0x17, 0x66, 0x5F), (0xFF, 0xFF, 0xFF)
# Places without words or pictures, from the upper to the lower edge, so that a half-painted page does not count.
HOME = {(560, 20): INK, (300, 600): GREEN, (700, 600): WALL, (700, 1350): WALL, (800, 1880): WALL}
ATTRACT = {(240, 1540): GREEN, (850, 1540): GREEN, (900, 1890): INK}
CHROMIUM = ["chromium", "--kiosk", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic", "--window-size=1080,1920", "--window-position=0,0"]

folder = tempfile.mkdtemp(prefix="onestop-bench-")
atexit.register(shutil.rmtree, folder, True)


def load():
    return os.getloadavg()[0]


class Eye:
    """Looks at single pixels of the whole screen."""

    def __init__(self, name):
        self.display = xdisplay.Display(name)
        self.root = self.display.screen().root

    def pixel(self, x, y):
        data = self.root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return data[2], data[1], data[0]

    def sees(self, page):
        return all(max(abs(a - b) for a, b in zip(self.pixel(*place), colour)) <= 3 for place, colour in page.items())

    def wait(self, page, process, there=True):
        """The monotonic time at which the page was (or, without `there`, was no longer) on the screen."""
        deadline = time.monotonic() + PATIENCE
        while self.sees(page) != there:
            if time.monotonic() > deadline or process is not None and process.poll() is not None:
                raise RuntimeError(f"the page was not painted; now there is {[self.pixel(*p) for p in page]}")
            time.sleep(0.004)
        return time.monotonic()


def family(pid):
    """The process, all that descend from it, and what else is in its session (a helper that was left behind)."""
    parents, sessions = {}, {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            with open(path) as file:
                words = file.read().rsplit(")", 1)[1].split()
            number = int(path.split("/")[2])
            parents[number], sessions[number] = int(words[1]), int(words[3])
    found = {number for number, session in sessions.items() if session == pid} | {pid}
    while True:
        more = {number for number, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def memory(pid):
    """(MiB of PSS, processes, neighbours) of a program with all its helpers."""
    total, count = 0, 0
    for number in family(pid):
        with contextlib.suppress(OSError):
            with open(f"/proc/{number}/smaps_rollup") as file:
                total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))
                count += 1
    return total / 1024, count, neighbours(pid)


def neighbours(pid):
    """How many processes elsewhere on the machine run the same files as this family: they take a share of its PSS."""
    def program_of(number):
        with contextlib.suppress(OSError):
            return os.path.basename(os.readlink(f"/proc/{number}/exe"))
    members = family(pid)
    programs = {program_of(number) for number in members} - {None}
    return sum(program_of(number) in programs for number in map(int, filter(str.isdigit, os.listdir("/proc")))
               if number not in members)


class Bench:
    def __init__(self, stack):
        self.site = self.make_site()
        stack.callback(self.site.stop)
        self.bus = stack.enter_context(session_bus.SessionBus(folder + "/bus"))
        self.screen = stack.enter_context(plain_screen.PlainScreen(folder + "/screen"))
        self.eye = Eye(self.screen.display)
        self.environment = {**os.environ, **self.bus.environment, **self.screen.environment()}
        self.count = 0

    def make_site(self):
        where = importlib.util.spec_from_file_location("site_kit", SOURCE + "/assets/demo/site.py")
        module = importlib.util.module_from_spec(where)
        where.loader.exec_module(module)
        site = module.Site(folder + "/site", BUILD)
        site.make()
        return site

    @contextlib.contextmanager
    def program(self, *command):
        """Yields (process, when it was started); afterwards nothing of it is left."""
        with open(folder + "/programs.out", "ab") as log:
            started = time.monotonic()
            process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True)
        try:
            yield process, started
        finally:
            members = family(process.pid)
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            for number in members & family(process.pid):
                with contextlib.suppress(OSError):
                    os.kill(number, signal.SIGKILL)
            process.wait()
            for page in (HOME, ATTRACT):
                self.eye.wait(page, None, there=False)

    def kiosk(self, weigh=False):
        """Seconds to the attract screen, seconds from a touch there to home, memory on home."""
        with self.program(self.site.program("onestop-kiosk"), "--config", self.site.path("kiosk.conf")) as (process, started):
            first = self.eye.wait(ATTRACT, process)
            touched = time.monotonic()
            self.screen.click(540, 1540)
            home = self.eye.wait(HOME, process)
            if weigh:
                time.sleep(SETTLE)
            return first - started, home - touched, memory(process.pid) if weigh else None

    def chromium(self, weigh=False):
        self.count += 1
        with self.program(*CHROMIUM, f"--user-data-dir={folder}/profile-{self.count}",
                          f"file://{SOURCE}/tests/bench/home.html") as (process, started):
            first = self.eye.wait(HOME, process)
            if weigh:
                time.sleep(SETTLE)
            return first - started, memory(process.pid) if weigh else None


def say(text):
    print("# " + text, flush=True)


def verdict(before):
    """Skips when the machine was busy before the first run: what was printed is then no result."""
    if before > QUIET:
        raise tap.Skip(f"no result: the 1-minute load was {before:.2f} before, above {QUIET}")


def spread(name, values):
    middle = statistics.median(values)
    say(f"{name}: median {middle:.2f} s of {' '.join(f'{v:.2f}' for v in values)}")
    return middle


stack = contextlib.ExitStack()
atexit.register(stack.close)
BEFORE = load()
say(f"machine before: 1-minute load {BEFORE:.2f}, {os.cpu_count()} cores, software rendering, Xvfb 1080x1920 with openbox")
bench = Bench(stack)


@tap.test("from exec to the first painted screen, beside Chromium")
def _():
    bench.kiosk()              # once each unmeasured: both find their files in the page cache
    bench.chromium()
    ours, home, theirs = [], [], []
    for _ in range(RUNS):
        first, turn, _ = bench.kiosk()
        ours.append(first)
        home.append(turn)
        theirs.append(bench.chromium()[0])
    a = spread("onestop-kiosk, exec to attract screen", ours)
    h = spread("onestop-kiosk, touch on it to home screen", home)
    c = spread("Chromium --kiosk, exec to the same home page", theirs)
    say(f"Chromium takes {c / a:.1f} times as long to its first screen ({c / (a + h):.1f} times with the touch to home added;"
        f" aim: 5); load after {load():.2f}")
    verdict(BEFORE)


@tap.test("memory on home, beside Chromium")
def _():
    _, _, (ours, our_count, near) = bench.kiosk(weigh=True)
    _, (theirs, their_count, far) = bench.chromium(weigh=True)
    say(f"PSS on home after {SETTLE} s: onestop-kiosk {ours:.0f} MiB in {our_count} processes,"
        f" Chromium {theirs:.0f} MiB in {their_count}")
    say(f"Chromium takes {theirs / ours:.1f} times the memory (aim: 4); load after {load():.2f}")
    if near or far:
        raise tap.Skip(f"no result: {near + far} processes of the same programs ran beside and took a share of the memory")
    verdict(BEFORE)


tap.main()
