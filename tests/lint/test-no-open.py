#!/usr/bin/python3
"""Neither the kiosk nor its sync daemon holds code that opens a seal.

Judged on the built programs: their own symbols, and what they ask of libsodium. Programs that may open (the desk,
the city, the command line) prove that the search finds what it looks for.
"""
import os
import re
import subprocess
import tempfile

import tap

BUILD = os.environ["ONESTOP_BUILD"]
CLOSED = {"onestop-kiosk": "ui/kiosk/onestop-kiosk", "onestop-sync": "sync/client/onestop-sync",
          "onestop-print": "kiosk/flow/onestop-print"}
OPENING = re.compile(r"\b(open_case_new|open_object|key_wrap_open|crypto_box_seal_open\w*|"
                     r"crypto_secretstream_xchacha20poly1305_(init_)?pull|crypto_(box|secretbox)_open\w*|"
                     r"crypto_aead_\w+_decrypt\w*)\b")


def symbols(path):
    names = subprocess.run(["nm", "-a", path], capture_output=True, text=True, check=True).stdout
    names += subprocess.run(["nm", "-D", path], capture_output=True, text=True, check=True).stdout
    return names


def opening(path):
    return sorted(set(match.group(0) for match in OPENING.finditer(symbols(path))))


def program(name):
    path = os.path.join(BUILD, CLOSED[name])
    if not os.path.exists(path):
        found = subprocess.run(["find", BUILD, "-type", "f", "-name", name, "-perm", "-u+x", "-not", "-path", "*/bin/*"],
                               capture_output=True, text=True).stdout.split()
        if not found:
            raise tap.Skip(name + " is not built yet")
        path = found[0]
    return path


def check(name):
    @tap.test(name + " holds no symbol that opens a seal")
    def _():
        path = program(name)
        assert "main" in symbols(path), "no symbols to look at"
        found = opening(path)
        assert not found, f"{path}: {found}"


for closed in CLOSED:
    check(closed)


@tap.test("the search finds an opener: the unit test of seals, and a planted call")
def _():
    found = opening(os.path.join(BUILD, "tests/unit/test-seal"))
    assert {"open_object", "open_case_new", "crypto_box_seal_open",
            "crypto_secretstream_xchacha20poly1305_pull"} <= set(found), found
    with tempfile.TemporaryDirectory() as folder:
        source, binary = os.path.join(folder, "p.c"), os.path.join(folder, "p")
        with open(source, "w", encoding="utf-8") as file:
            file.write("#include <sodium.h>\nint main (void) { unsigned char m[32], c[80] = {0};\n"
                       "return crypto_box_seal_open (m, c, 80, c, c); }\n")
        subprocess.run(["cc", source, "-o", binary, "-lsodium"], check=True)
        assert opening(binary) == ["crypto_box_seal_open"], opening(binary)


@tap.test("the library that all link holds no opener")
def _():
    found = opening(os.path.join(BUILD, "kiosk/trust/libtrust.a"))
    assert not found, found


tap.main()
