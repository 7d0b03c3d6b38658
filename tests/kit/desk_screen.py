"""desk_screen: a screen of 1920x1080 with keys and a pointer, for the desk. XTEST through xdotool.

    with DeskScreen(folder) as screen:
        screen.environment()      # what a program needs to draw here
        screen.click(100, 200)
        screen.key("F2")
"""
import os
import select
import signal
import subprocess
import time


class DeskScreen:
    def __init__(self, folder, width=1920, height=1080):
        self.folder, self.width, self.height = folder, width, height
        os.makedirs(folder, exist_ok=True)

    def __enter__(self):
        self.log = open(os.path.join(self.folder, "xvfb.out"), "w")
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{self.width}x{self.height}x24", "-noreset",
                                        "-nolisten", "tcp"], pass_fds=[write], stdout=self.log, stderr=subprocess.STDOUT,
                                       stdin=subprocess.DEVNULL)
        os.close(write)
        said = b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([read], [], [], 20)
            more = os.read(read, 16) if ready else b""
            if not more:
                raise RuntimeError("Xvfb did not start; see " + self.folder + "/xvfb.out")
            said += more
        os.close(read)
        self.display = ":" + said.decode().strip()
        self.manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": self.display}, stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        for process in (self.manager, self.server):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.log.close()

    def environment(self):
        return {"DISPLAY": self.display, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo"}

    def _do(self, *command, given=None):
        done = subprocess.run(["xdotool", *command], input=given, text=True, capture_output=True, timeout=30,
                              env={**os.environ, "DISPLAY": self.display})
        if done.returncode != 0:
            raise RuntimeError("xdotool " + " ".join(command[:2]) + ": " + done.stderr.strip())

    def click(self, x, y):
        self._do("mousemove", "--sync", str(int(x)), str(int(y)), "click", "1")

    def key(self, name):
        """One key or chord as X names it: F2, ctrl+p, Return."""
        self._do("key", name)

    def type(self, text):
        """ASCII text, key by key; it stands in no command line."""
        self._do("type", "--delay", "5", "--file", "-", given=text)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", path], env={**os.environ, "DISPLAY": self.display}, check=True)

    def settle(self, condition, what, seconds=20):
        deadline = time.monotonic() + seconds
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come within {seconds} s")
            time.sleep(0.05)
