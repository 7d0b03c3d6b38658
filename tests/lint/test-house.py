#!/usr/bin/python3
"""What the house asks of files: top level, names, headers, READMEs, and what must not stand in them."""
import os
import re
import subprocess

import tap

SOURCE = os.environ["ONESTOP_SOURCE"]
FILES = subprocess.check_output(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard"], text=True).splitlines()
FILES = [f for f in FILES if os.path.isfile(os.path.join(SOURCE, f))]


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8", errors="replace") as file:
        return file.read()


@tap.test("the top level holds what the customer fixed and nothing else")
def _():
    allowed = {"kiosk", "sync", "assets", "ui", "tests", "meson.build", "README.md", "LICENSE"}
    strange = {f.split("/")[0] for f in FILES} - allowed
    strange = {s for s in strange if not s.startswith(".")}
    assert not strange, strange


@tap.test("no file is called util, helper, common, manager or misc")
def _():
    wrong = [f for f in FILES if re.search(r"(^|[-_/])(utils?|helpers?|common|manager|misc)([-_.]|$)", os.path.basename(f))]
    assert not wrong, wrong


@tap.test("every folder of sources has a README of at most 40 lines that names each module")
def _():
    wrong = []
    folders = {os.path.dirname(f) for f in FILES if f.endswith((".c", ".h")) and not f.startswith("tests/")}
    for folder in sorted(folders):
        path = folder + "/README.md"
        if path not in FILES:
            wrong.append(f"{folder}: no README.md")
            continue
        text = read(path)
        if len(text.splitlines()) > 40:
            wrong.append(f"{path}: {len(text.splitlines())} lines")
        for stem in sorted({os.path.basename(f)[:-2] for f in FILES if os.path.dirname(f) == folder and f.endswith(".c")}):
            if not re.search(r"(?<![\w-])" + re.escape(stem) + r"(?![\w-])", text):
                wrong.append(f"{path}: says nothing of {stem}")
    assert not wrong, "\n".join(wrong)


@tap.test("every header says #pragma once and opens with its own name")
def _():
    wrong = [f for f in FILES if f.endswith(".h") and
             ("#pragma once" not in read(f) or not read(f).startswith("/* " + os.path.basename(f)))]
    assert not wrong, wrong


@tap.test("every source opens with a comment")
def _():
    wrong = [f for f in FILES if f.endswith(".c") and not read(f).startswith("/*")]
    assert not wrong, wrong


def types_of(text):
    """Prefixes for the functions of the types that a header declares: TicketRow gives ticket_row_."""
    names = re.findall(r"\}\s*(\w+);", text) + re.findall(r"^typedef struct _(\w+) ", text, re.M)
    return tuple(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() + "_" for name in names)


@tap.test("a function that is not static begins with its file's stem, or with a type that its header declares")
def _():
    wrong = []
    for f in FILES:
        if not f.endswith(".h") or f.startswith("tests/"):
            continue
        stem = os.path.basename(f)[:-2].replace("-", "_")
        text = re.sub(r"/\*.*?\*/", "", read(f), flags=re.S)
        types = types_of(text)
        text = re.sub(r"^typedef [^;{]*;", "", text, flags=re.M)
        for name in re.findall(r"^[A-Za-z][\w\s\*]*?\b(\w+) \([^;{]*\)[^;{]*;", text, re.M):
            if name.startswith(("G_", "g_", "typedef")) or name.isupper():
                continue
            if not name.startswith((stem, "onestop_" + stem, "log_", *types)):
                wrong.append(f"{f}: {name}")
    assert not wrong, "\n".join(wrong)


@tap.test("end-to-end tests never act through the accessibility tree")
def _():
    wrong = []
    for f in FILES:
        if f.startswith(("tests/e2e/", "tests/kit/", "tests/fault/", "kiosk/", "assets/demo/")) and f.endswith((".py", ".sh")):
            for word in ("do_" + "action", "set_text_" + "contents", "insert_" + "text", "grab_" + "focus"):
                if word in read(f):
                    wrong.append(f"{f}: {word}")
    assert not wrong, wrong


@tap.test("no goto, no host of a package registry, no path of somebody's machine")
def _():
    wrong = []
    for f in FILES:
        if f.endswith((".c", ".h")) and re.search(r"^\s*goto\s+\w+;", read(f), re.M):
            wrong.append(f + ": goto")
        if f.endswith((".png", ".po")) or f == "LICENSE":
            continue
        for word in ("deb.debian" + ".org", "registry.npm" + "js", "/wo" + "rk/", "/ro" + "ot/"):
            if word in read(f):
                wrong.append(f"{f}: {word}")
    assert not wrong, wrong


@tap.test("the fault points in the code are the fault points in the list")
def _():
    listed = set(re.findall(r'^  "([\w.-]+)",$', read("kiosk/base/fault.c"), re.M))
    used = set()
    for f in FILES:
        if f.endswith(".c") and not f.startswith("tests/") and f != "kiosk/base/fault.c":
            used |= set(re.findall(r'fault_(?:point|errno) \("([\w.-]+)"\)', read(f)))
    assert listed == used, f"listed only: {sorted(listed - used)}; used only: {sorted(used - listed)}"


tap.main()
