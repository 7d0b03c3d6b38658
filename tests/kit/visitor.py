"""visitor: a person before the kiosk: reads the screen, taps with a finger, swipes, types on the keyboard there.

Every tap is a touch at the centre of what the accessibility tree says is on the screen, and only if it is on the screen
and can be pressed. Between seeing a thing and tapping it a person's pause, longer than the kiosk's dead time after a
change of page.
"""
import os
import time

import screen_reader

BLINK, PAUSE = 0.15, 0.35


class Visitor:
    def __init__(self, screen, root, pictures=None, say=print):
        self.screen, self.root, self.pictures, self.say = screen, root, pictures, say
        self.taken = 0
        self.layout = {}

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

    def _window(self, thing):
        """Top and bottom of the scrolled part of the page that holds it, or None if it stands still."""
        pane = thing.parent
        while pane is not None and pane.role != "scroll pane":
            pane = pane.parent
        return (pane.y, pane.y + pane.height) if pane else None

    def bring(self, name, role=None, exact=True, nth=0):
        """Swipes until the `nth` of this name is whole inside the part of the page that scrolls; gives it."""
        self.sees(name, role, exact)
        for _ in range(15):
            same = [t for t in screen_reader.things(self.root) if (role is None or t.role == role)
                    and (t.name == name if exact else name in t.name or name in t.text)]
            if len(same) <= nth:
                time.sleep(0.1)
                continue
            thing = same[nth]
            window = self._window(thing)
            if window is None or (thing.y >= window[0] and thing.y + thing.height <= window[1]):
                return thing
            self._scroll(window, thing.centre[1] - sum(window) / 2)
        raise screen_reader.NotThere(f"{name!r} cannot be brought on the screen: {thing}")

    def _scroll(self, window, way):
        """Moves what scrolls in `window` up by `way` pixels, or by as much as one swipe can. The finger rests before it lifts, so
        that nothing runs on."""
        reach = window[1] - window[0] - 60
        way = max(-reach, min(reach, way))
        if abs(way) < 40:
            way = 40 if way > 0 else -40
        start = window[1] - 30 if way > 0 else window[0] + 30
        # In the margin at the left no control stands; what a finger needs to begin a swipe is added.
        slack = 16 if way > 0 else -16
        self.screen.stroke([(80, start - (way + slack) * i / 12) for i in range(13)], pace=0.008, rest=0.2)
        time.sleep(0.1)

    def tap(self, name, role=None, exact=True, nth=0):
        time.sleep(BLINK)
        self.layout = {}
        self.bring(name, role, exact, nth)
        time.sleep(PAUSE)
        thing = self.bring(name, role, exact, nth)
        deadline = time.monotonic() + 10
        while not thing.sensitive:
            if time.monotonic() > deadline:
                raise AssertionError(f"{name!r} cannot be pressed")
            time.sleep(0.05)
            thing = self.bring(name, role, exact, nth)
        x, y = thing.centre
        assert 0 <= x < self.screen.width and 0 <= y < self.screen.height, f"{thing} is off the screen"
        self.screen.tap(x, y)
        return thing

    def type(self, text):
        """Types with the keyboard on the screen; for capitals the shift key, for Chinese see pinyin()."""
        for letter in text:
            if letter == " ":
                self.key("Space", "空格")
            elif letter.isupper() and letter not in self._keys():
                self.key("Capital letters", "大写字母")
                self.key(letter)
            else:
                self.key(letter)

    def pinyin(self, letters, word):
        """Types pinyin and takes `word` among the candidates."""
        self.type(letters)
        for _ in range(8):
            thing = self.sees_now(word, "push button")
            if thing is not None:
                self.screen.tap(*thing.centre)
                time.sleep(0.1)
                return
            self.key("More words", "更多候选")
        raise screen_reader.NotThere(f"{letters}: {word} is not offered")

    def _keys(self):
        """The keys on the screen, read once a layout."""
        if not self.layout:
            self.layout = {t.name: t for t in screen_reader.things(self.root) if t.role == "push button" and t.y > 1100}
        return self.layout

    def key(self, *names):
        deadline = time.monotonic() + 5
        while True:
            for name in names:
                thing = self._keys().get(name)
                if thing is not None:
                    self.screen.tap(*thing.centre, hold=0.01)
                    if len(name) > 1 or name.isupper():
                        self.layout = {}        # it may have changed what the keys are
                        time.sleep(0.1)
                    return
            self.layout = {}
            if time.monotonic() > deadline:
                raise screen_reader.NotThere(f"no key {names[0]!r}")
            time.sleep(0.05)
