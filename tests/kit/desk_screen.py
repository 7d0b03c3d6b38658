"""desk_screen: a screen of 1920x1080 with keys and a pointer, for the desk. XTEST through xdotool.

    with DeskScreen(folder) as screen:
        screen.environment()      # what a program needs to draw here
        screen.click(100, 200)
        screen.key("F2")
"""
import time

import plain_screen


class DeskScreen(plain_screen.PlainScreen):
    def __init__(self, folder, width=1920, height=1080):
        super().__init__(folder, width, height)

    def click(self, x, y):
        self.xdotool("mousemove", "--sync", int(x), int(y), "click", 1)

    def key(self, name):
        """One key or chord as X names it: F2, ctrl+p, Return."""
        self.xdotool("key", name)

    def type(self, text):
        """ASCII text, key by key; it stands in no command line."""
        self.xdotool("type", "--delay", "5", "--file", "-", given=text)

    def settle(self, condition, what, seconds=20):
        deadline = time.monotonic() + seconds
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come within {seconds} s")
            time.sleep(0.05)
