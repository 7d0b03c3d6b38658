"""canary: planted words that must be nowhere, looked for in every form in which a program may leave them behind.

    left = canary.search(["王示例甲", "320505199002280013"], [folder, ...])     # [(word, form, file)]

Forms: UTF-8, UTF-16 (both orders), UTF-32, GBK/GB18030, base64 of UTF-8 at each of its three offsets, percent escapes, JSON and XML escapes,
hexadecimal. Compressed content (zstd frames and gzip or zlib streams found inside a file) is opened and searched too.
search_finds_controls() shows that the search itself works: it must be called by whoever believes an empty answer.
"""
import base64
import io
import os
import sqlite3
import subprocess
import tempfile
import urllib.parse
import zlib


def forms(word):
    utf8 = word.encode()
    yield "UTF-8", utf8
    for name in ("utf-16-le", "utf-16-be", "utf-32-le"):
        yield name.upper(), word.encode(name)
    try:
        gbk = word.encode("gb18030")
        if gbk != utf8:
            yield "GB18030", gbk
            yield "percent GB18030", urllib.parse.quote(gbk).encode()
    except UnicodeEncodeError:
        pass
    for shift in range(3):
        # Whole groups of three that lie inside the word, whatever stands before it.
        inner = utf8[(3 - shift) % 3:]
        inner = inner[:len(inner) // 3 * 3]
        if len(inner) >= 6:
            yield f"base64 at {shift}", base64.b64encode(inner)
            yield f"base64url at {shift}", base64.urlsafe_b64encode(inner)
    if not word.isascii():
        yield "percent", urllib.parse.quote(word).encode()
        yield "percent lower", urllib.parse.quote(word).lower().encode()
        escapes = "".join(f"\\u{ord(c):04x}" for c in word)
        yield "JSON", escapes.encode()
        yield "JSON upper", "".join(f"\\u{ord(c):04X}" for c in word).encode()
        yield "XML", "".join(f"&#{ord(c)};" for c in word).encode()
    yield "hex", utf8.hex().encode()


def opened(data, depth=2):
    """`data` and whatever is compressed inside it."""
    yield data
    if depth == 0:
        return
    at = data.find(b"\x28\xb5\x2f\xfd")
    while at >= 0:
        done = subprocess.run(["zstd", "-dcq", "--no-check"], input=data[at:], capture_output=True)
        if done.stdout:
            yield from opened(done.stdout, depth - 1)
        at = data.find(b"\x28\xb5\x2f\xfd", at + 4)
    for magic, bits in ((b"\x1f\x8b\x08", 31), (b"\x78\x9c", 15), (b"\x78\x01", 15), (b"\x78\xda", 15)):
        at = data.find(magic)
        while at >= 0:
            try:
                inner = zlib.decompressobj(bits).decompress(data[at:], 64 << 20)
                if inner:
                    yield inner
            except zlib.error:
                pass
            at = data.find(magic, at + 2)


def files(places):
    for place in places:
        if os.path.isfile(place):
            yield place
        for folder, _, names in os.walk(place):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield path


def search(words, places):
    found = []
    patterns = [(word, form, pattern) for word in words for form, pattern in forms(word)]
    for path in files(places):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            continue
        for text in opened(data):
            found += [(word, form, path) for word, form, pattern in patterns if pattern in text]
    return found


def search_finds_controls():
    """Plants a control in a WAL page and in a zstd frame (and in each form) and finds every one, or raises."""
    word = "对照样本甲CONTROL7319"
    with tempfile.TemporaryDirectory() as folder:
        for number, (form, pattern) in enumerate(forms(word)):
            with open(os.path.join(folder, f"form-{number}"), "wb") as file:
                file.write(b"before" + pattern + b"after")
            assert search([word], [folder + f"/form-{number}"]), f"the search misses {form}"
        database = sqlite3.connect(folder + "/wal.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (?)", (word,))
        database.commit()
        assert search([word], [folder + "/wal.db-wal"]), "the search misses a page of the WAL"
        database.close()
        frame = subprocess.run(["zstd", "-cq"], input=io.BytesIO(b"x" * 500 + word.encode() + b"y" * 500).getvalue(),
                               capture_output=True, check=True).stdout
        with open(folder + "/frame", "wb") as file:
            file.write(b"head" + frame + b"tail")
        assert search([word], [folder + "/frame"]), "the search misses a zstd frame"
        for shift in range(3):
            with open(folder + f"/shifted-{shift}", "wb") as file:
                file.write(base64.b64encode(b"z" * shift + word.encode() + b"more"))
            assert search([word], [folder + f"/shifted-{shift}"]), f"the search misses base64 shifted by {shift}"
        assert not search(["没有埋下的词ABSENT8842"], [folder]), "the search finds what is not there"
