"""visitor: a person before the kiosk: reads the screen, taps with a finger, swipes, types on the keyboard there.

Every tap is a touch at the centre of what the accessibility tree says is on the screen, and only if it is on the screen
and can be pressed. Between two taps a person's pause, longer than the kiosk's dead time after a change of page.
"""
import os
import time

import screen_reader

PAUSE = 0.4
TOP, BOTTOM = 150, 1630        # where a page's content stands; bars and actions are outside


class Visitor:
    def __init__(self, screen, root, pictures=None, say=print):
        self.screen, self.root, self.pictures, self.say = screen, root, pictures, say
        self.taken = 0

    # ---- looking ----

    def sees(self, name, role=None, exact=True, seconds=15):
        """Waits until it is on the screen."""
        return screen_reader.wait(self.root, name, role, exact, seconds)

    def sees_now(self, name, role=None, exact=True):
        return screen_reader.find(self.root, name, role, exact)

    def words(self):
        """All words on the screen."""
        return [t.text for t in screen_reader.things(self.root) if t.text]

    def picture(self, name):
        if self.pictures:
            self.taken += 1
            time.sleep(0.45)        # the slide of a page change is over
            self.screen.picture(os.path.join(self.pictures, f"{self.taken:02d}-{name}.png"))

    # ---- acting ----

    def bring(self, name, role=None, exact=True, low=BOTTOM):
        """Swipes until it stands in the middle of the page; gives it."""
        for _ in range(25):
            thing = self.sees(name, role, exact)
            if thing.y >= TOP and thing.y + thing.height <= low:
                return thing
            if thing.y + thing.height > low and thing.y >= 1640:
                # A bar or an action at the lower edge stands still.
                where = thing.y
                if thing.y + thing.height <= self.screen.height and where >= 1640 and not self._scrolls(thing):
                    return thing
            distance = min(600, max(120, abs((TOP + low) // 2 - thing.y)))
            x = 30          # the margin: no control stands there
            start, end = (1250, 1250 - distance) if thing.y > TOP else (500, 500 + distance)
            self.screen.stroke([(x, start + (end - start) * i / 12) for i in range(13)])
            time.sleep(0.25)
        raise screen_reader.NotThere(f"{name!r} cannot be brought on the screen: {thing}")

    @staticmethod
    def _scrolls(thing):
        node = thing.node
        while node is not None:
            if node.get_role_name() in ("scroll pane", "viewport"):
                return True
            node = node.get_parent()
        return False

    def tap(self, name, role=None, exact=True):
        time.sleep(PAUSE)
        thing = self.sees(name, role, exact)
        if self._scrolls(thing):
            thing = self.bring(name, role, exact)
        deadline = time.monotonic() + 10
        while not thing.sensitive:
            if time.monotonic() > deadline:
                raise AssertionError(f"{name!r} cannot be pressed")
            time.sleep(0.05)
            thing = self.sees(name, role, exact)
        x, y = thing.centre
        assert 0 <= x < self.screen.width and 0 <= y < self.screen.height, f"{thing} is off the screen"
        self.screen.tap(x, y)
        return thing

    def type(self, text):
        """Types with the keyboard on the screen; for capitals the shift key, for Chinese see pinyin()."""
        for letter in text:
            if letter == " ":
                self._key("Space", "空格")
            elif letter.isupper() and self.sees_now(letter, "push button") is None:
                self._key("Capital letters", "大写字母")
                self._key(letter)
            else:
                self._key(letter)

    def pinyin(self, letters, word):
        """Types pinyin and takes `word` among the candidates."""
        self.type(letters)
        for _ in range(8):
            thing = self.sees_now(word, "push button")
            if thing is not None:
                self.screen.tap(*thing.centre)
                time.sleep(0.1)
                return
            self._key("More words", "更多候选")
        raise screen_reader.NotThere(f"{letters}: {word} is not offered")

    def _key(self, *names):
        for _ in range(40):
            for name in names:
                thing = self.sees_now(name, "push button")
                if thing is not None and thing.y > 1000:
                    self.screen.tap(*thing.centre, hold=0.01)
                    time.sleep(0.03)
                    return
            time.sleep(0.05)
        raise screen_reader.NotThere(f"no key {names[0]!r}")
