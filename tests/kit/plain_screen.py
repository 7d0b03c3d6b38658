"""plain_screen: an Xvfb of 1080x1920, with or without a window manager: for looking, not for touching."""
import os
import random
import select
import subprocess

import ending


def display_number():
    """A display number for an X server of ours.

    A server that looks for a free number by itself tries 0, 1, ... and takes away the socket file of whoever is
    there before it finds that the abstract socket is taken. A program without network reaches the file alone: so
    we give high numbers, where nobody looks.
    """
    while True:
        number = random.SystemRandom().randrange(1000, 50000)
        if not os.path.exists(f"/tmp/.X{number}-lock") and not os.path.exists(f"/tmp/.X11-unix/X{number}"):
            return number


def read_display_number(descriptor):
    """What the server writes to -displayfd, to the end of the line: it writes the number and the line's end one
    after the other, and ends itself if nobody reads the second. Closes the descriptor."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], 20)
        more = os.read(descriptor, 16) if ready else b""
        if not more:
            break
        text += more
    os.close(descriptor)
    return text.decode().strip()


class PlainScreen:
    def __init__(self, folder, width=1080, height=1920, manager=True):
        self.folder, self.width, self.height, self.with_manager = folder, width, height, manager
        os.makedirs(folder, exist_ok=True)

    def start_server(self, *command, log):
        """Starts the X server `command` on a display of ours; its words go to the file `log` of the folder."""
        read, write = os.pipe()
        self.log = open(os.path.join(self.folder, log), "w")
        self.server = subprocess.Popen(
            [command[0], f":{display_number()}", *command[1:], "-displayfd", str(write), "-noreset", "-nolisten", "tcp"],
            pass_fds=[write], stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        os.close(write)
        number = read_display_number(read)
        if not number:
            raise RuntimeError(f"{command[0]} did not start; see {self.folder}")
        self.display = ":" + number

    def start(self):
        self.start_server("Xvfb", "-screen", "0", f"{self.width}x{self.height}x24", log="xvfb.out")

    def __enter__(self):
        self.start()
        self.manager = None
        if self.with_manager:
            self.manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": self.display},
                                            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        for process in (self.manager, self.server):
            if process is not None:
                ending.end(process)
        self.log.close()

    def environment(self):
        return {"DISPLAY": self.display, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo"}

    def xdotool(self, *words, given=None):
        words = [str(word) for word in words]
        done = subprocess.run(["xdotool", *words], input=given, text=True, capture_output=True, timeout=30,
                              env={**os.environ, "DISPLAY": self.display})
        if done.returncode != 0:
            raise RuntimeError("xdotool " + " ".join(words[:2]) + ": " + done.stderr.strip())

    def click(self, x, y):
        self.xdotool("mousemove", int(x), int(y), "click", 1)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", path], env={**os.environ, "DISPLAY": self.display}, check=True)
