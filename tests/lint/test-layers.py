#!/usr/bin/python3
"""The layer rule of the house, over includes and over the symbols that compiled code asks for.

A rule that finds nothing proves nothing, so each run also plants five violations in a copy and must find them all.
"""
import glob
import os
import re
import subprocess
import tempfile

import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]

BRACED = ["store", "paper", "text", "devices", "document"]
KIOSK = {"base": set(), "domain": {"base"}, "trust": {"base", "domain"}}
for room in BRACED:
    KIOSK[room] = {"base", "domain", "trust"}
KIOSK["ops"] = {"base", "domain", "trust", *BRACED}
KIOSK["flow"] = KIOSK["ops"] | {"ops"}
KIOSK["cli"] = KIOSK["flow"] | {"flow"}
ALL_KIOSK = set(KIOSK) - {"cli"}

# What each folder may include of ours besides itself.
MAY = {"kiosk/" + room: used for room, used in KIOSK.items()}
MAY["ui/kiosk"] = ALL_KIOSK
MAY["ui/desk"] = ALL_KIOSK | {"kiosk"}
MAY["sync/wire"] = {"base", "domain", "trust"}
MAY["sync/client"] = {"base", "domain", "trust", "store", "ops", "wire"}
# The city has its own db; of the kiosk's rooms it takes what is true without a device.
MAY["sync/city"] = {"base", "domain", "trust", "paper", "wire"}

# Whose headers (first) and symbols (second) may stand where.
FOREIGN = {
    "sqlite": (r"sqlite3\.h", r"sqlite3_", ["kiosk/store", "sync/city/db"]),
    "libsodium": (r"sodium(/|\.h)", r"(crypto_(box|sign|secretstream|pwhash|generichash|hash|aead)|sodium_)", ["kiosk/trust"]),
    "gtk": (r"(gtk|gdk|gsk)/", r"(gtk|gsk)_", ["ui"]),
    "cups": (r"cups/", r"(cups[A-Z]|ipp[A-Z])", ["kiosk/devices"]),
    "sane": (r"sane/", r"sane_", ["kiosk/devices"]),
    "curl": (r"curl/", r"curl_", ["sync/client"]),
    "microhttpd": (r"microhttpd", r"MHD_", ["sync/city"]),
    "pinyin": (r"pinyin\.h", r"pinyin_(init|guess|parse|alloc|choose|fini)", ["kiosk/text"]),
    "poppler": (r"(poppler|glib/poppler)", r"poppler_", ["kiosk/document", "kiosk/paper"]),
}


def folder_of(path):
    """The longest folder of MAY that holds this file."""
    return max((f for f in MAY if path.startswith(f + "/")), key=len, default=None)


def check_includes(root):
    """All violations in the sources below `root`, as words."""
    wrong = []
    for top in ("kiosk", "ui", "sync"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if not name.endswith((".c", ".h")):
                    continue
                path = os.path.relpath(os.path.join(folder, name), root)
                here = folder_of(path)
                if here is None:
                    wrong.append(f"{path} stands in no room")
                    continue
                own = {here.split("/")[1]}
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    text = file.read()
                for included in re.findall(r'#\s*include\s+"([^"]+)"', text):
                    room = included.split("/")[0]
                    if "/" in included and room not in MAY[here] | own:
                        wrong.append(f"{path} may not include {included}")
                for included in re.findall(r"#\s*include\s+<([^>]+)>", text):
                    for library, (header, _, where) in FOREIGN.items():
                        if re.match(header, included) and not any(path.startswith(w) for w in where):
                            wrong.append(f"{path} may not use {library}")
    return wrong


def check_symbols(objects):
    """All violations among compiled files: [(path of the source, object file)]."""
    wrong = []
    for path, compiled in objects:
        asked = subprocess.check_output(["nm", "-u", compiled], text=True)
        for library, (_, symbol, where) in FOREIGN.items():
            found = re.search(r"\bU (" + symbol + r"\w*)", asked)
            if found and not any(path.startswith(w) for w in where):
                wrong.append(f"{path} asks {library} for {found.group(1)}")
    return wrong


def compiled_objects():
    for top in ("kiosk", "ui", "sync"):
        for compiled in glob.glob(f"{BUILD}/{top}/**/*.o", recursive=True):
            folder = re.sub(r"/[^/]+\.p/.*", "", os.path.relpath(compiled, BUILD))
            name = os.path.basename(compiled)[:-2]
            # meson writes a source of a deeper folder as folder_name.c
            path = folder + "/" + name
            if not os.path.exists(os.path.join(SOURCE, path)) and "_" in name:
                path = folder + "/" + name.replace("_", "/", 1)
            yield path, compiled


@tap.test("no source includes what its room may not")
def _():
    wrong = check_includes(SOURCE)
    assert not wrong, "\n".join(wrong)


@tap.test("no compiled file asks for a symbol that its room may not use")
def _():
    objects = list(compiled_objects())
    assert len(objects) > 5, "nothing is compiled"
    wrong = check_symbols(objects)
    assert not wrong, "\n".join(wrong)


@tap.test("five planted violations are all found")
def _():
    planted = {
        "kiosk/domain/planted.c": '#include "store/db.h"\n',
        "ui/kiosk/planted.c": '#include "client/push.h"\n',
        "kiosk/devices/planted.c": '#include "document/document.h"\n',
        "kiosk/flow/planted.c": "#include <sqlite3.h>\n",
    }
    with tempfile.TemporaryDirectory() as root:
        for path, text in planted.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w") as file:
                file.write(text)
        found = check_includes(root)
        for path in planted:
            assert any(w.startswith(path) for w in found), f"{path} was not found: {found}"
        source, compiled = os.path.join(root, "p.c"), os.path.join(root, "p.o")
        with open(source, "w") as file:
            file.write("extern void *curl_easy_init (void); void *p (void); void *p (void) { return curl_easy_init (); }\n")
        subprocess.run(["cc", "-c", source, "-o", compiled], check=True)
        assert check_symbols([("kiosk/flow/planted.c", compiled)]), "the symbol was not found"
        assert not check_symbols([("sync/client/fine.c", compiled)]), "a fine symbol was refused"


tap.main()
