#!/usr/bin/python3
"""The demo site: a city, a hall with a kiosk and a desk, two virtual printers and papers to scan, all in one folder.

kiosk/run calls this with its own option; tests make sites of their own in temporary folders through class Site.
Every program is the real one. What is made: kiosk.conf, desk.conf, city.conf, kiosk/, desk/, city/ (state), paper/ (what the
printers put out), papers-to-scan/, stick/ (stands for a USB stick), screens/ (pictures), run/ (process ids and output).
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE = 30  # seconds for a program to get ready
PASSPHRASES = {"lead": "demo-lead-passphrase", "backup": "demo-backup-passphrase", "centre": "demo-centre-passphrase"}


def free_port():
    """A port that was free a moment ago. It is kept in the site's city.conf, so that a second start has the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Trouble(Exception):
    """What happened, in words for whoever started this."""


class Site:
    def __init__(self, folder, build=SOURCE + "/build", fault=None):
        self.folder, self.build = os.path.abspath(folder), os.path.abspath(build)
        self.running = {}
        self.fault = fault or {}        # program name -> environment of its own, for tests

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def program(self, name):
        return os.path.join(self.build, "bin", name)

    # ---- running programs ----

    def environment(self, name):
        env = {k: v for k, v in os.environ.items() if k not in ("ONESTOP_CONFIG", "ONESTOP_FAULT")}
        env["ONESTOP_CONFIG"] = self.path("kiosk.conf")
        env.update(self.fault.get(name, {}))
        return env

    def call(self, *command, given=None, ok=(0,)):
        """Runs a program of ours to its end and returns what it wrote."""
        done = subprocess.run([self.program(command[0]), *command[1:]], input=given, text=True, capture_output=True,
                              env=self.environment(command[0]), timeout=120)
        if done.returncode not in ok:
            raise Trouble(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def start(self, name, *command):
        """Starts a program in the background as `name`; its output goes to run/NAME.log."""
        os.makedirs(self.path("run"), exist_ok=True)
        with open(self.path("run", name + ".log"), "ab") as log:
            process = subprocess.Popen([self.program(command[0]), *command[1:]], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=self.environment(name), start_new_session=True)
        self.running[name] = process
        with open(self.path("run", name + ".pid"), "w") as file:
            file.write(str(process.pid))
        return process

    def end(self, name, how=signal.SIGTERM):
        process = self.running.pop(name, None)
        if process is not None:
            if process.poll() is None:
                process.send_signal(how)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        try:
            os.unlink(self.path("run", name + ".pid"))
        except FileNotFoundError:
            pass

    def wait_for(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while True:
            result = condition()
            if result:
                return result
            for name, process in self.running.items():
                if process.poll() is not None:
                    with open(self.path("run", name + ".log"), errors="replace") as log:
                        raise Trouble(f"{name} ended with {process.returncode}: {log.read()[-800:]}")
            if time.monotonic() > deadline:
                raise Trouble(f"{what} did not come within {PATIENCE} s; see {self.path('run')}")
            time.sleep(0.02)

    # ---- making the site ----

    @property
    def made(self):
        return os.path.exists(self.path("made"))

    def make(self):
        """Everything from nothing; a half-made site is thrown away first."""
        if self.made:
            return
        if os.path.exists(self.folder):
            shutil.rmtree(self.folder)
        for name in ("kiosk", "desk", "paper", "stick", "papers-to-scan", "screens", "run"):
            os.makedirs(self.path(name), mode=0o700)
        self.lay_papers()
        self.start_printers()
        printers = self.printers()
        self.call("onestop-city", "init", self.path("city"))
        self.write_city_conf()
        self.start_city()
        listening = self.listening()
        for user, role in (("centre", "centre"),):
            self.call("onestop-city", "--config", self.path("city.conf"), "user", "add", user, "--role", role,
                      given=PASSPHRASES[user] + "\n")
        for device, role in (("kiosk", "kiosk"), ("desk", "desk")):
            self.write_device_conf(device, printers, listening)
            code = json.loads(self.call("onestop-city", "--config", self.path("city.conf"), "device", "code", "--hall", "GS",
                                        "--role", role, "--json"))["code"]
            self.call("onestop-sync", "--config", self.path(device + ".conf"), "enrol", "--city", listening["device"], "--code", code)
        self.call("onestop", "hall", "init", "--config", self.path("desk.conf"))
        self.call("onestop", "clerk", "add", "lead", "--config", self.path("desk.conf"), given=PASSPHRASES["lead"] + "\n")
        self.call("onestop", "clerk", "add", "backup", "--by", "lead", "--config", self.path("desk.conf"),
                  given=PASSPHRASES["lead"] + "\n" + PASSPHRASES["backup"] + "\n")
        for device in ("desk", "kiosk"):
            self.call("onestop-sync", "--config", self.path(device + ".conf"), "--once")
        self.stop()
        with open(self.path("made"), "w") as file:
            file.write("1\n")

    def lay_papers(self):
        papers = os.path.join(SOURCE, "assets/demo/papers")
        for name in sorted(os.listdir(papers)):
            if name.endswith(".jpg"):
                shutil.copy(os.path.join(papers, name), self.path("papers-to-scan", name))
            shutil.copy(os.path.join(papers, name), self.path("stick", name))

    def write_city_conf(self):
        with open(self.path("city.conf"), "w") as file:
            file.write("# The demo site's city.\n"
                       "[city]\nrole=city\n\n[store]\ndirectory=" + self.path("city") + "\n\n"
                       f"[listen]\naddress=127.0.0.1:{free_port()}\n\n[console]\naddress=127.0.0.1:{free_port()}\n\n"
                       "[backup]\nevery=10\ndirectory=" + self.path("city-backup") + "\n")

    def write_device_conf(self, device, printers, listening):
        desk = device == "desk"
        text = ("# The demo site's " + device + ".\n"
                "[hall]\nid=GS\nname=姑苏区政务服务大厅\ndistrict=320508\n\n"
                + ("[desk]\nid=GS-D1\nwindow=1\n\n" if desk else "[kiosk]\nid=GS-K1\nmode=normal\n\n")
                + "[city]\nurl=" + listening["device"] + "\n\n"
                "[store]\ndirectory=" + self.path(device) + "\n\n"
                "[receipt-printer]\nuri=" + printers["receipt"] + "\n\n"
                "[page-printer]\nuri=" + printers["page"] + "\n\n")
        if not desk:
            text += ("[scanner]\ndevice=folder:" + self.path("papers-to-scan") + "\n\n"
                     "[code-reader]\ndevice=keyboard\n\n"
                     "[usb-stick]\ndirectory=" + self.path("stick") + "\n\n"
                     "[screen]\nlanguages=zh_CN;en\norientation=portrait\n")
        with open(self.path(device + ".conf"), "w") as file:
            file.write(text)

    # ---- services ----

    def printer_kit(self, *arguments):
        kit = os.path.join(SOURCE, "assets/demo/printers/virtual-printer")
        done = subprocess.run([kit, *arguments], text=True, capture_output=True, timeout=120)
        if done.returncode != 0:
            raise Trouble("virtual-printer " + " ".join(arguments) + ": " + done.stderr.strip())
        return done.stdout

    def start_printers(self):
        self.printer_kit("start", self.path("run", "printers"), self.path("paper"), "receipt", "page")

    def printers(self):
        return {name: self.printer_kit("uri", self.path("run", "printers"), name).strip() for name in ("receipt", "page")}

    def start_city(self):
        try:
            os.unlink(self.path("city", "listening.json"))
        except FileNotFoundError:
            pass
        self.start("city", "onestop-city", "--config", self.path("city.conf"), "serve")
        self.wait_for(lambda: os.path.exists(self.path("city", "listening.json")), "the city server")

    def listening(self):
        """The city's addresses: {"device": URL, "console": URL}."""
        with open(self.path("city", "listening.json")) as file:
            ports = json.load(file)
        return {"device": f"https://127.0.0.1:{ports['devices']}", "console": f"https://127.0.0.1:{ports['console']}"}

    def start_services(self):
        """City, sync and print daemons of both devices, printers. Addresses may be new: the devices are told."""
        self.start_printers()
        self.start_city()
        printers, listening = self.printers(), self.listening()
        for device in ("kiosk", "desk"):
            self.write_device_conf(device, printers, listening)
            configuration = self.path(device + ".conf")
            self.start(device + "-sync", "onestop-sync", "--config", configuration)
            self.start(device + "-print", "onestop-print", "--config", configuration)

    def stop(self):
        for name in reversed(list(self.running)):
            self.end(name)
        run = self.path("run")
        for name in os.listdir(run) if os.path.isdir(run) else []:
            if not name.endswith(".pid"):
                continue
            with open(os.path.join(run, name)) as file:
                pid = int(file.read() or 0)
            try:        # only what is still a program of ours
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    if b"onestop" in file.read():
                        os.kill(pid, signal.SIGTERM)
            except (FileNotFoundError, ProcessLookupError):
                pass
            os.unlink(os.path.join(run, name))
        if os.path.isdir(os.path.join(run, "printers")):
            self.printer_kit("stop", os.path.join(run, "printers"))


def tell(site):
    listening = site.listening()
    print(f"""
The demo site runs in {site.folder}

  console of the central office   {listening['console']}
      (its certificate is the demo city's own: the browser will ask)
      user centre                 passphrase {PASSPHRASES['centre']}
  clerks at the desk              lead: {PASSPHRASES['lead']}   backup: {PASSPHRASES['backup']}
  command line                    build/bin/onestop --help
  papers to scan                  {site.path('papers-to-scan')}
  what stands for a USB stick     {site.path('stick')}
  what the printers put out       {site.path('paper')}
""", flush=True)


def show(site, desk):
    """Opens the kiosk or the desk; without a display, takes pictures on one of our own."""
    program = "onestop-desk" if desk else "onestop-kiosk"
    configuration = site.path("desk.conf" if desk else "kiosk.conf")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        options = [] if desk else ["--windowed"]
        return subprocess.run([site.program(program), "--config", configuration, *options]).returncode
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"], pass_fds=[write],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    said = b""
    while not said.endswith(b"\n"):
        more = os.read(read, 16)
        if not more:
            raise Trouble("no display of our own could be started")
        said += more
    display = ":" + said.decode().strip()
    try:
        status = subprocess.run([site.program(program), "--config", configuration, "--pictures", site.path("screens")],
                                env={**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11"}).returncode
        if status == 0:
            print(f"There is no display here: pictures of the first screens are in {site.path('screens')}", flush=True)
        return status
    finally:
        server.terminate()
        server.wait()


def main(option):
    site = Site(os.path.join(SOURCE, "build", "demo"))
    if option == "--stop":
        site.stop()
        return 0
    site.make()
    if option == "--setup-only":
        print(f"The demo site stands in {site.folder}")
        return 0
    site.stop()     # what an earlier start left
    site.start_services()
    tell(site)
    if option == "--services":
        print("kiosk/run --stop ends it.")
        return 0
    try:
        status = show(site, option == "--desk")
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            print("Ctrl-C ends the services.", flush=True)
            if sys.stdin.isatty():
                signal.pause()
        return status
    except KeyboardInterrupt:
        return 0
    finally:
        site.stop()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except Trouble as trouble:
        print("kiosk/run: " + str(trouble), file=sys.stderr)
        sys.exit(3)
