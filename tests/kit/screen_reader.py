"""screen_reader: what stands on the screen, as the accessibility tree tells it. Reads and never acts.

Start a session_bus.SessionBus first. Places are in pixels of the program's window. The tree is read a level at a time, all
questions of a level at once: asking for one thing after the other takes ten times as long.
"""
import os
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ACCESSIBLE, COMPONENT, TEXT = ("org.a11y.atspi." + name for name in ("Accessible", "Component", "Text"))
WINDOW = 1                      # a place's coordinates: of the window
SENSITIVE, CHECKED, FOCUSED = (int(getattr(Atspi.StateType, name)) for name in ("SENSITIVE", "CHECKED", "FOCUSED"))
ANSWER_MS = 10000


class NotThere(AssertionError):
    pass


class Gone(NotThere):
    """The program itself answers no more."""


class Bus:
    """The accessibility bus, asked many questions at once."""

    _open = {}

    @classmethod
    def here(cls):
        address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        if address not in cls._open:
            cls._open[address] = cls(address)
        return cls._open[address]

    def __init__(self, address):
        session = self._connect(address)
        place, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                   Gio.DBusCallFlags.NONE, ANSWER_MS, None).unpack()
        session.close_sync(None)
        self.connection = self._connect(place)

    @staticmethod
    def _connect(address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        connection.set_exit_on_close(False)
        return connection

    def ask(self, questions):
        """questions: [(node, interface, method, arguments)]; gives the answers in order, None where there was none."""
        answers, open_ones = [None] * len(questions), [len(questions)]

        def on_answer(connection, result, place):
            try:
                answers[place] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass            # gone meanwhile, or it has no such side
            open_ones[0] -= 1

        for place, ((name, path), interface, method, arguments) in enumerate(questions):
            self.connection.call(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NO_AUTO_START,
                                 ANSWER_MS, None, on_answer, place)
        context = GLib.MainContext.default()
        while open_ones[0]:
            context.iteration(True)
        return answers


def _property(node, interface, name):
    return node, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (interface, name))


class Thing:
    """One node of the tree as it was when it was read; `node` is its address on the bus."""

    def __init__(self, node, parent, role, name, place):
        self.node, self.parent, self.role, self.name = node, parent, role, name
        self.x, self.y, self.width, self.height = place
        self._text = None

    @property
    def text(self):
        """What is written in it; its name where it holds no text. Read with the tree, or now."""
        if self._text is None:
            _read_texts([self])
        return self._text

    @property
    def shown(self):
        return self.width > 0 and self.height > 0

    def has(self, state):
        """Asked now."""
        words, = Bus.here().ask([(self.node, ACCESSIBLE, "GetState", None)])
        return words is not None and bool(words[0][state // 32] >> state % 32 & 1)

    @property
    def sensitive(self):
        return self.has(SENSITIVE)

    @property
    def checked(self):
        return self.has(CHECKED)

    @property
    def focused(self):
        return self.has(FOCUSED)

    @property
    def centre(self):
        return self.x + self.width / 2, self.y + self.height / 2

    def __repr__(self):
        return f"{self.role} {self.name!r} {self.x},{self.y} {self.width}x{self.height}"


def program(name, seconds=20):
    """The accessible root of the program called `name`."""
    deadline = time.monotonic() + seconds
    bus = Bus.here()
    while time.monotonic() < deadline:
        root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        answer, = bus.ask([(root, ACCESSIBLE, "GetChildren", None)])
        children = answer[0] if answer else []
        names = bus.ask([_property(child, ACCESSIBLE, "Name") for child in children])
        for child, answer in zip(children, names):
            if answer and name in answer[0]:
                return child
        time.sleep(0.05)
    raise NotThere(f"no program called {name!r} tells of itself")


def _read_texts(shown):
    bus = Bus.here()
    counts = bus.ask([_property(thing.node, TEXT, "CharacterCount") for thing in shown])
    written = [(thing, count[0]) for thing, count in zip(shown, counts) if count]
    texts = bus.ask([(thing.node, TEXT, "GetText", GLib.Variant("(ii)", (0, count))) for thing, count in written])
    for thing in shown:
        thing._text = thing.name
    for (thing, _), text in zip(written, texts):
        thing._text = text[0] if text else ""


def things(root, texts=True):
    """All things that are on the screen now, in the order of the tree. Nodes that vanish while being read are passed over."""
    bus, below = Bus.here(), {}
    level = [(root, None)]
    while level:
        answers = bus.ask([question for node, _ in level for question in (
            (node, ACCESSIBLE, "GetRole", None), _property(node, ACCESSIBLE, "Name"),
            (node, COMPONENT, "GetExtents", GLib.Variant("(u)", (WINDOW,))), (node, ACCESSIBLE, "GetChildren", None))])
        following = []
        for place, (node, parent) in enumerate(level):
            role, name, extents, children = answers[4 * place:4 * place + 4]
            if role is None or name is None:
                continue
            thing = Thing(node, parent, Atspi.role_get_name(Atspi.Role(role[0])), name[0] or "",
                          extents[0] if extents else (0, 0, 0, 0))
            below.setdefault(parent, []).append(thing)
            following += [(child, thing) for child in (children[0] if children else [])]
        level = following
    if not below:
        raise Gone("the program has ended")

    found, pile = [], list(reversed(below.get(None, [])))
    while pile:
        thing = pile.pop()
        if thing.shown:
            found.append(thing)
        pile.extend(reversed(below.get(thing, [])))
    if texts:
        _read_texts(found)
    return found


def find(root, name, role=None, exact=True):
    """The first thing shown with this name (and role), or None."""
    for thing in things(root, texts=not exact):
        if role is not None and thing.role != role:
            continue
        if thing.name == name if exact else name in thing.name or name in thing.text:
            return thing
    return None


def wait(root, name, role=None, exact=True, seconds=15):
    """Waits until it is there."""
    deadline = time.monotonic() + seconds
    while True:
        thing = find(root, name, role, exact)
        if thing is not None:
            return thing
        if time.monotonic() > deadline:
            there = "\n".join(repr(t) for t in things(root) if t.name)
            raise NotThere(f"{name!r} did not come on the screen within {seconds} s; there is:\n{there}")
        time.sleep(0.05)
