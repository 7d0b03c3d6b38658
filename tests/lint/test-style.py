#!/usr/bin/python3
"""The style sheet is the design's: its colours are the tokens', nothing is written too small, nothing to press is too
small for a finger, and every class that it styles is one that somebody sets."""
import json
import os
import re
import subprocess

import tap

SOURCE = os.environ["ONESTOP_SOURCE"]
with open(SOURCE + "/assets/style/kiosk.css", encoding="utf-8") as file:
    CSS = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
with open(SOURCE + "/tests/data/tokens.json", encoding="utf-8") as file:
    TOKENS = json.load(file)
RULES = [(selector.strip(), body) for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)]


def same(colour):
    return re.sub(r"\s+", "", colour).upper()


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


@tap.test("the colours are the design's tokens, all of them and no other")
def _():
    defined = {name: same(value) for name, value in re.findall(r"@define-color k_(\w+) ([^;]+);", CSS)}
    tokens = {name: same(value) for name, value in TOKENS["modes"]["normal"]["color"].items()}
    assert defined == tokens, set(defined.items()) ^ set(tokens.items())


@tap.test("rules name colours by their token")
def _():
    allowed = {"#000000", "rgba(0,0,0,0.28)", "rgba(27,37,41,0.18)"}
    used = set()
    for selector, body in RULES:
        body = re.sub(r"url\([^)]*\)", "", body)
        for colour in re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\([^)]*\)", body):
            used.add(same(colour).lower())
    names = set(re.findall(r"@(k_\w+)", re.sub(r"@define-color[^;]+;", "", CSS)))
    strange = {n for n in names if n[2:] not in TOKENS["modes"]["normal"]["color"]}
    assert not strange, strange
    assert used <= allowed, used - allowed


@tap.test("nothing is written below 24 px")
def _():
    small = [(s, size) for s, body in RULES for size in re.findall(r"font-size:\s*(\d+)px", body) if int(size) < 24]
    assert not small, small


@tap.test("nothing to press is lower than 72 px")
def _():
    low = []
    for selector, body in RULES:
        if "button" not in selector and "entry" not in selector and ".k-option" != selector:
            continue
        for height in re.findall(r"min-height:\s*(\d+)px", body):
            if int(height) < TOKENS["modes"]["normal"]["target"]["min"]:
                low.append((selector.strip(), height))
    assert not low, low


@tap.test("text stands out from its ground as the design counted")
def _():
    for mode in ("normal", "high_contrast"):
        colours = TOKENS["modes"][mode]["color"]
        for pair, ratio in TOKENS["modes"][mode]["contrast"]["text"].items():
            front, back = pair.split(" on ")
            there = contrast(colours[front], colours[back])
            assert there >= 4.5 and abs(there - ratio) < 0.06, (mode, pair, there)


@tap.test("GTK reads the style sheet without a complaint")
def _():
    script = ("import gi; gi.require_version('Gtk', '4.0'); from gi.repository import Gtk; p = Gtk.CssProvider(); bad = [];"
              "p.connect('parsing-error', lambda _p, s, e: bad.append(str(e.message)));"
              "import sys; p.load_from_path(sys.argv[1]); print('\\n'.join(bad))")
    done = subprocess.run(["/usr/bin/python3", "-c", script, SOURCE + "/assets/style/kiosk.css"],
                          text=True, capture_output=True, timeout=60)
    if "Namespace Gtk not available" in done.stderr:
        raise tap.Skip("gir1.2-gtk-4.0 is not installed")
    assert done.returncode == 0 and done.stdout.strip() == "", done.stdout + done.stderr


tap.main()
