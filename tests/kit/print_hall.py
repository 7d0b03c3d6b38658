"""print_hall: a store with a spool, onestop-print, and printers, for tests of paper.

    with print_hall.hall() as (kiosk, printers):            # real ones: ippeveprinter
    with print_hall.hall(real=False) as (kiosk, printer):   # an IppResponder, for what those cannot do
    with print_hall.hall(enrolled=True) as (kiosk, printers):   # the device can take applications

At the end the daemons must end at SIGTERM, with 0. When a test fails, their log is printed.
"""
import contextlib
import glob
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from ipp_responder import IppResponder

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
PRINT, DESK = f"{BUILD}/bin/onestop-print", f"{BUILD}/tests/kit/spool-desk"
VIRTUAL = f"{SOURCE}/assets/demo/printers/virtual-printer"
QUICK = ["--poll", "1", "--stall", "8", "--mend", "60", "--gone", "2", "--silence", "6"]
NUMBERS = [line.strip() for line in open(f"{SOURCE}/tests/data/case-numbers.txt")]


def until(condition, what, seconds=40):
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


class Hall:
    """A store with a spool, and the programs around it."""

    def __init__(self, place, receipt, page="", enrolled=False):
        self.place, self.daemons = place, []
        self.store = f"{place}/kiosk"
        if enrolled:
            subprocess.run([f"{BUILD}/tests/kit/make-site", place], check=True)
        self.conf = f"{place}/kiosk.conf"
        self.set_printers(receipt, page)

    def set_printers(self, receipt, page=""):
        with open(self.conf, "w") as file:
            file.write(f"[kiosk]\nid=GS-K1\n[hall]\nid=GS\n[store]\ndirectory={self.store}\n"
                       f"[receipt-printer]\nuri={receipt}\n[page-printer]\nuri={page}\n")

    def desk(self, *words, good=True):
        done = subprocess.run([DESK, self.store, *map(str, words)], capture_output=True, text=True, timeout=60)
        assert not good or done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.returncode == 0 else None

    def add(self, n=0):
        number = NUMBERS[n]
        receipt = {"number": number, "service": "gusu-talent-card", "service_name": {"zh-CN": "样例", "en": "SAMPLE"},
                   "hall": "GS", "hall_name": "样例大厅", "at": "2026-11-23T08:15:30.123Z", "language": "en",
                   "documents": [{"slot": "photo", "name": {"zh-CN": "照片", "en": "Photo"}, "pages": 1}],
                   "missing": [], "limit": {"n": 5, "unit": "workday"}, "ticket_text": "YZ1:SAMPLE",
                   "mode": "normal", "copy": 1}
        with open(f"{self.place}/receipt.json", "w") as file:
            json.dump(receipt, file)
        return self.desk("add", number, f"{self.place}/receipt.json")

    def job(self, number):
        return next((job for job in self.desk("list") if job["id"] == number), None)

    def state(self, number):
        return self.job(number)["state"]

    def health(self, device="receipt-printer"):
        return self.desk("health", device)["condition"]

    def start(self, *options, fault=None):
        env = {**os.environ, **({"ONESTOP_FAULT": fault} if fault else {})}
        log = open(f"{self.place}/daemon.log", "ab")
        process = subprocess.Popen([PRINT, "--config", self.conf, *QUICK, *options], env=env, stderr=log, stdout=log)
        self.daemons.append(process)
        return process

    def once(self, *options):
        return subprocess.run([PRINT, "--config", self.conf, *QUICK, "--once", *options], capture_output=True,
                              text=True, timeout=120)

    def log(self):
        with open(f"{self.place}/daemon.log") as file:
            return file.read()

    def end(self):
        for process in self.daemons:
            if process.poll() is None:
                until(lambda: self.log().count("print.started") >= len(self.daemons), "all started")
                process.terminate()
                assert process.wait(10) == 0, "onestop-print does not end at SIGTERM"


class Printers:
    def __init__(self, place):
        self.folder, self.paper = f"{place}/printers", f"{place}/paper"
        subprocess.run([VIRTUAL, "start", self.folder, self.paper, "receipt", "page"], check=True, timeout=60)

    def uri(self, name):
        return subprocess.check_output([VIRTUAL, "uri", self.folder, name], text=True).strip()

    def behave(self, name, *mode):
        subprocess.run([VIRTUAL, "behave", self.folder, name, *mode], check=True)

    def papers(self, name="receipt"):
        return sorted(glob.glob(f"{self.paper}/{name}-*.pdf"))

    def jobs(self, name="receipt"):
        try:
            with open(f"{self.folder}/{name}.jobs") as file:
                return [json.loads(line) for line in file]
        except FileNotFoundError:
            return []

    def working(self, name="receipt"):
        """TRUE while the printer is at a job: its command runs."""
        return bool(children_of(self.pid(name)))

    def pid(self, name="receipt"):
        with open(f"{self.folder}/{name}.pid") as file:
            return int(file.read())

    def stop(self):
        subprocess.run([VIRTUAL, "stop", self.folder], check=True, timeout=60)


@contextlib.contextmanager
def hall(real=True, enrolled=False):
    place = tempfile.mkdtemp(prefix="op-")
    printers = IppResponder().__enter__() if not real else None
    there = None
    try:
        if real:
            printers = Printers(place)
            there = Hall(place, printers.uri("receipt"), printers.uri("page"), enrolled)
        else:
            there = Hall(place, printers.uri, enrolled=enrolled)
        yield there, printers
        there.end()
    except BaseException:
        if there and os.path.exists(f"{place}/daemon.log"):
            print("# " + there.log().replace("\n", "\n# "))
        raise
    finally:
        for process in there.daemons if there else []:
            if process.poll() is None:
                process.kill()
                process.wait()
        if real:
            printers.stop()
        else:
            printers.__exit__()
        shutil.rmtree(place, ignore_errors=True)


def codes_of(pdf):
    """The QR codes on a receipt or ticket, printed as a thermal head does it: 203 dpi, black or white."""
    page = pdf + ".page"
    subprocess.run(["pdftoppm", "-r", "203", "-mono", "-singlefile", pdf, page], check=True)
    read = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", page + ".pbm"],
                          capture_output=True, text=True)
    os.unlink(page + ".pbm")
    return read.stdout.splitlines()  # base45 has blanks


def text_of(pdf):
    return subprocess.check_output(["pdftotext", pdf, "-"], text=True)


def children_of(pid):
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True).stdout
    return [int(word) for word in found.split()]
