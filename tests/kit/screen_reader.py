"""screen_reader: what stands on the screen, as the accessibility tree tells it. Reads and never acts.

Start a session_bus.SessionBus first. Places are in pixels of the program's window.
"""
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402


class NotThere(AssertionError):
    pass


class Thing:
    """One node of the tree as it was when it was read."""

    def __init__(self, node):
        self.node = node
        self.role = node.get_role_name()
        self.name = node.get_name() or ""
        try:
            place = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
            self.x, self.y, self.width, self.height = place.x, place.y, place.width, place.height
        except (GLib.Error, AttributeError):
            self.x = self.y = self.width = self.height = 0

    @property
    def shown(self):
        return self.width > 0 and self.height > 0

    @property
    def sensitive(self):
        return self.node.get_state_set().contains(Atspi.StateType.SENSITIVE)

    @property
    def checked(self):
        return self.node.get_state_set().contains(Atspi.StateType.CHECKED)

    @property
    def text(self):
        if self.node.get_text_iface() is None:
            return self.name
        return Atspi.Text.get_text(self.node, 0, Atspi.Text.get_character_count(self.node))

    @property
    def centre(self):
        return self.x + self.width / 2, self.y + self.height / 2

    def __repr__(self):
        return f"{self.role} {self.name!r} {self.x},{self.y} {self.width}x{self.height}"


def program(name, seconds=20):
    """The accessible root of the program called `name`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and name in (child.get_name() or ""):
                return child
        time.sleep(0.05)
    raise NotThere(f"no program called {name!r} tells of itself")


def walk(node):
    """Every node below, in the order of the tree. Nodes that vanish while being read are passed over."""
    pile = [node]
    while pile:
        here = pile.pop()
        try:
            yield here
            children = [here.get_child_at_index(i) for i in range(here.get_child_count())]
        except GLib.Error:
            continue
        pile.extend(child for child in reversed(children) if child is not None)


def things(root):
    """All things that are on the screen now."""
    found = []
    for node in walk(root):
        try:
            thing = Thing(node)
        except GLib.Error:
            continue
        if thing.shown:
            found.append(thing)
    return found


def find(root, name, role=None, exact=True):
    """The first thing shown with this name (and role), or None."""
    for thing in things(root):
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
