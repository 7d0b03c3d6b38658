#!/usr/bin/python3
"""Hostile and broken files: intake says what they are, in time, in its jail, and never anything else.

All files are made here; none is anybody's.
"""
import io
import json
import os
import random
import struct
import subprocess
import tempfile
import time
import zipfile
import zlib

import numpy
from PIL import Image, ImageDraw

import tap

BIN = os.environ["ONESTOP_LIBEXEC"]
INTAKE, ONESTOP = os.path.join(BIN, "onestop-intake"), os.path.join(BIN, "onestop")
HOME = tempfile.TemporaryDirectory(prefix="onestop-document-")
REASONS = {"not-supported-kind", "too-large", "too-many-pages", "too-many-pixels", "damaged", "encrypted", "empty"}


def check(data, name="file"):
    """(verdict, exit code) of the command line on a file of these bytes."""
    path = os.path.join(HOME.name, name)
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run([ONESTOP, "document", "check", path, "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)
    os.unlink(path)
    assert done.returncode in (0, 1), (name, done)
    verdict = json.loads(done.stdout)
    assert (verdict["verdict"] == "accepted") == (done.returncode == 0) == (verdict["reason"] is None), verdict
    assert verdict["reason"] is None or verdict["reason"] in REASONS, verdict
    return verdict


def refused(data, reason, kind=None):
    verdict = check(data)
    assert verdict["reason"] == reason and (kind is None or verdict["kind"] == kind), (verdict, reason, kind)


def preview(data, *words):
    """(last event, pixels, exit code)"""
    out, into = os.pipe()
    process = subprocess.Popen(["bash", "-c", f'exec "$0" "$@" 3>&{into}', INTAKE, "preview", *words],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(into,))
    os.close(into)
    try:
        process.stdin.write(data)
        process.stdin.close()
    except BrokenPipeError:
        pass
    with os.fdopen(out, "rb") as pipe:
        pixels = pipe.read()
    lines = process.stdout.read().splitlines()
    process.stdout.close()
    return json.loads(lines[-1]) if lines else None, pixels, process.wait(60)


def picture(width=640, height=480, mode="RGB"):
    noise = numpy.random.default_rng(7).normal(128, 30, (height // 4, width // 4, 3)).clip(0, 255).astype("uint8")
    image = Image.fromarray(noise).resize((width, height), Image.BILINEAR)
    ImageDraw.Draw(image).text((20, 20), "SAMPLE TEST 000000", fill=(0, 0, 0))
    return image.convert(mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width, height, depth, colour, rows):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)) +
            chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def pdf_of(objects, extra=b""):
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, extra, table)


def stream(data):
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def pdf(pages=1, content=b"1 0 0 rg 0 0 100 50 re f", resources=b"", box=b"0 0 200 100"):
    kids = b" ".join(b"%d 0 R" % (4 + i) for i in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R/Resources<<%s>>>>" % (box, resources)
    return [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), stream(content),
            *[page] * pages]


JPEG = saved(picture(), "JPEG", quality=90)
PNG = saved(picture(), "PNG")
PDF = pdf_of(pdf(3))


@tap.test("what is well is accepted and described")
def _():
    for data, kind, media, pages, size in ((JPEG, "jpeg", "image/jpeg", 1, (640, 480)), (PNG, "png", "image/png", 1, (640, 480)),
                                           (PDF, "pdf", "application/pdf", 3, (200, 100))):
        verdict = check(data)
        assert verdict["verdict"] == "accepted" and verdict["kind"] == kind and verdict["media"] == media, verdict
        assert verdict["pages"] == pages and (verdict["width"], verdict["height"]) == size, verdict
    for image, options in ((picture(mode="L"), {}), (picture(mode="CMYK"), {}), (picture(), {"progressive": True}),
                           (picture(), {"subsampling": 0, "optimize": True})):
        assert check(saved(image, "JPEG", **options))["verdict"] == "accepted"
    for image in (picture(mode="L"), picture(mode="P"), picture(mode="RGBA"), picture(mode="1"), picture(mode="LA")):
        assert check(saved(image, "PNG"))["verdict"] == "accepted"
    assert check(saved(picture(), "PDF"))["verdict"] == "accepted"
    assert check(b"\xef\xbb\xbf" + PDF)["verdict"] == "accepted"


@tap.test("other kinds are named and refused")
def _():
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<w/>")
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a", "b")
    for data, kind in ((b"just a letter, called .pdf\r\n", "text"), ("证明\n".encode(), "text"), (word.getvalue(), "word"),
                       (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "word"), (sheet.getvalue(), "office"),
                       (plain.getvalue(), "zip"), (b"\0\0\0\x18ftypheic" + bytes(90), "heic"),
                       (b"{\\rtf1 x}", "word"), (saved(picture(), "GIF"), "gif"), (saved(picture(), "TIFF"), "tiff"),
                       (saved(picture(), "BMP"), "bmp"), (saved(picture(), "WEBP"), "webp"),
                       (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"), (b"\x7fELF" + bytes(90), "unknown"),
                       (b"#!/bin/sh\necho hello\n", "text")):
        refused(data, "not-supported-kind", kind)


@tap.test("files cut at any place are damaged")
def _():
    for data, kind in ((JPEG, "jpeg"), (PNG, "png"), (PDF, "pdf"), (saved(picture(), "JPEG", progressive=True), "jpeg")):
        for part in (0.25, 0.5, 0.9, 0.99):
            refused(data[:int(len(data) * part)], "damaged", kind)
        refused(data[:-8], "damaged", kind)
    refused(JPEG[:-2], "damaged", "jpeg")
    refused(b"\xff\xd8\xff", "damaged", "jpeg")
    refused(b"\x89PNG\r\n\x1a\n", "damaged", "png")
    refused(b"%PDF-1.7\n", "damaged", "pdf")


@tap.test("every chunk of a PNG is held to its checksum")
def _():
    place = PNG.index(b"IDAT") + 40
    refused(PNG[:place] + bytes([PNG[place] ^ 1]) + PNG[place + 1:], "damaged", "png")
    text = PNG.index(b"IDAT") - 4
    extra = chunk(b"tEXt", b"Comment\0SAMPLE")
    assert check(PNG[:text] + extra + PNG[text:])["verdict"] == "accepted"
    refused(PNG[:text] + extra[:-1] + bytes([extra[-1] ^ 1]) + PNG[text:], "damaged", "png")
    refused(png_of(100, 100, 8, 2, zlib.compress(bytes(301 * 50))), "damaged", "png")


@tap.test("nothing, and more than 20 MiB, are refused unread")
def _():
    refused(b"", "empty", "empty")
    assert check(JPEG + bytes(20 * 1024 * 1024 - len(JPEG)))["verdict"] == "accepted"
    refused(JPEG + bytes(20 * 1024 * 1024 + 1 - len(JPEG)), "too-large")
    path = os.path.join(HOME.name, "sixty")
    with open(path, "wb") as file:
        file.truncate(60 * 1000 * 1000)
    with open(path, "rb") as file:
        done = subprocess.run([INTAKE, "check"], stdin=file, stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["reason"] == "too-large", done
    done = subprocess.run([ONESTOP, "document", "check", path], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 1 and done.stdout.startswith("refused: too-large"), done
    endless = subprocess.Popen(["head", "-c", "60000000", "/dev/zero"], stdout=subprocess.PIPE)
    done = subprocess.run([INTAKE, "check"], stdin=endless.stdout, stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["reason"] == "too-large", done
    endless.stdout.close()
    endless.wait()


@tap.test("bombs are refused in time and within the memory of the jail")
def _():
    row = bytes(1 + 30000 // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(30000)) + packer.flush()
    started = time.monotonic()
    refused(png_of(30000, 30000, 1, 0, rows), "too-many-pixels", "png")
    refused(png_of(2000000000, 1, 1, 0, zlib.compress(b"\0")), "too-many-pixels", "png")
    refused(saved(Image.new("1", (8000, 5001)), "PNG"), "too-many-pixels", "png")
    assert check(saved(Image.new("1", (8000, 5000)), "PNG"))["verdict"] == "accepted"
    size = JPEG.index(b"\xff\xc0") + 5
    refused(JPEG[:size] + struct.pack(">HH", 65000, 65000) + JPEG[size + 4:], "too-many-pixels", "jpeg")
    assert time.monotonic() - started < 20
    # A chunk of text that unpacks to a gigabyte.
    bomb = zlib.compress(bytes(1 << 24), 9)
    text = PNG.index(b"IDAT") - 4
    verdict = check(PNG[:text] + chunk(b"zTXt", b"Comment\0\0" + bomb) + PNG[text:])
    assert verdict["reason"] in (None, "damaged"), verdict


@tap.test("a progressive JPEG of very many scans, and a PDF that never ends to draw, are given up")
def _():
    scans = saved(picture(2000, 2000), "JPEG", progressive=True)
    end = scans.rindex(b"\xff\xda")
    many = scans[:end] + scans[end:-2] * 3000 + b"\xff\xd9"
    if len(many) > 19000000:
        many = many[:19000000]
    started = time.monotonic()
    refused(many, "damaged", "jpeg")
    spin = b"q 1 0 0 1 0 0 cm " + b"/X Do " * 20
    objects = pdf(1, spin, b"/XObject<</X 5 0 R>>")
    # Forms within forms within forms: 20 to the 12th fillings.
    for depth in range(12):
        inner = b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + depth)
        body = b"/X Do " * 20 if depth < 11 else b"0 0 200 100 re f"
        objects.append(b"<</Type/XObject/Subtype/Form/BBox[0 0 200 100]%s/Length %d>>\nstream\n%s\nendstream" %
                       (inner, len(body), body))
    event, pixels, code = preview(pdf_of(objects), "--page", "0", "--width", "200", "--height", "200")
    assert code != 0 and pixels == b"" or event["event"] == "pixels", (event, code)
    assert time.monotonic() - started < 40


@tap.test("more than 50 pages are refused")
def _():
    assert check(pdf_of(pdf(50)))["pages"] == 50
    refused(pdf_of(pdf(51)), "too-many-pages", "pdf")


@tap.test("an encrypted PDF is refused whatever its password")
def _():
    plain, locked = os.path.join(HOME.name, "plain.pdf"), os.path.join(HOME.name, "locked.pdf")
    with open(plain, "wb") as file:
        file.write(PDF)
    for user, owner, bits in (("secret", "other", "256"), ("", "other", "256"), ("", "", "256"), ("secret", "x", "128"),
                              ("", "other", "40")):
        subprocess.run(["qpdf", "--allow-weak-crypto", "--encrypt", user, owner, bits, "--", plain, locked], check=True)
        with open(locked, "rb") as file:
            refused(file.read(), "encrypted", "pdf")
    # The word alone is no encryption.
    words = b"BT (the file /Encrypt ion and /EncryptMetadata) Tj ET"
    assert check(pdf_of(pdf(1, words)))["verdict"] == "accepted"


@tap.test("PDF files that lie about themselves are damaged or shown, never more")
def _():
    refused(pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), "damaged", "pdf")
    assert check(pdf_of(pdf(1, box=b"0 0 0 0")))["reason"] in (None, "damaged")
    refused(pdf_of(pdf(1, box=b"0 0 99999 99999")), "damaged", "pdf")
    refused(pdf_of(pdf(1, box=b"0 0 0.001 50")), "damaged", "pdf")
    loop = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    refused(pdf_of(loop), "damaged", "pdf")
    refused(b"%PDF-1.4\nnothing at all\nstartxref\n0\n%%EOF\n", "damaged", "pdf")


@tap.test("a preview is the picture: turned, fitted, never larger")
def _():
    image = Image.new("RGB", (400, 200), (255, 255, 255))
    ImageDraw.Draw(image).rectangle((0, 0, 99, 49), fill=(255, 0, 0))
    corners = {0: (0, 0), 90: (1, 0), 180: (1, 1), 270: (0, 1)}
    page = pdf_of(pdf(1, b"1 0 0 rg 0 75 50 25 re f"))
    for data in (saved(image, "PNG"), saved(image, "JPEG", quality=95, subsampling=0), page,
                 saved(image.convert("P"), "PNG"), saved(image.convert("RGBA"), "PNG"), saved(image.convert("CMYK"), "JPEG")):
        for turn, (right, below) in corners.items():
            event, pixels, code = preview(data, "--page", "0", "--width", "100", "--height", "100", "--rotate", str(turn))
            width, height = (100, 50) if turn % 180 == 0 else (50, 100)
            assert code == 0 and (event["width"], event["height"]) == (width, height), (event, turn)
            assert len(pixels) == event["bytes"] == width * height * 3
            seen = numpy.frombuffer(pixels, "uint8").reshape(height, width, 3).astype(int)
            for x in (0, 1):
                for y in (0, 1):
                    spot = seen[(3, height - 4)[y], (3, width - 4)[x]]
                    red = spot[0] > 200 and spot[1] < 90 and spot[2] < 90
                    assert red == ((x, y) == (right, below)), (turn, x, y, spot)
    event, pixels, _code = preview(saved(image, "PNG"), "--page", "0", "--width", "3000", "--height", "3000")
    assert (event["width"], event["height"]) == (400, 200)
    assert numpy.array_equal(numpy.frombuffer(pixels, "uint8").reshape(200, 400, 3), numpy.asarray(image))
    event, pixels, code = preview(page, "--page", "1", "--width", "100", "--height", "100")
    assert event["reason"] == "no-such-page" and pixels == b"" and code == 0, event


@tap.test("an interlaced PNG and a transparent one are drawn as they should be")
def _():
    # Adam7 by hand: the passes of an 8 x 8 grey ramp.
    value = numpy.arange(64, dtype="uint8").reshape(8, 8) * 4
    passes = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1))
    rows = b""
    for y0, dy, x0, dx in passes:
        for line in value[y0::dy, x0::dx]:
            rows += b"\0" + line.tobytes()
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    assert check(data)["verdict"] == "accepted"
    event, pixels, _code = preview(data, "--page", "0", "--width", "8", "--height", "8")
    assert numpy.array_equal(numpy.frombuffer(pixels, "uint8").reshape(8, 8, 3)[:, :, 0], value), event
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    event, pixels, _code = preview(saved(clear, "PNG"), "--page", "0", "--width", "4", "--height", "4")
    assert pixels == b"\xff" * 48


@tap.test("a camera's upright is told as a rotation")
def _():
    for orientation, degrees in ((1, 0), (3, 180), (6, 90), (8, 270), (5, 90), (99, 0)):
        for order in ("<", ">"):
            tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
            exif = b"Exif\0\0" + tiff
            data = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + JPEG[2:]
            assert check(data)["rotate"] == degrees, (orientation, order)
    for exif in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(20)):
        data = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + JPEG[2:]
        assert check(data)["rotate"] == 0


@tap.test("Chinese letters without embedded fonts are drawn inside the jail")
def _():
    text = "BT /F1 40 Tf 10 30 Td <%s> Tj ET" % "王示例".encode("gbk").hex()
    objects = pdf(1, text.encode(), b"/Font<</F1 5 0 R>>")
    objects += [b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>",
                b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R"
                b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
                b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 880"
                b"/Descent -120/CapHeight 880/StemV 93>>"]
    event, pixels, code = preview(pdf_of(objects), "--page", "0", "--width", "400", "--height", "200")
    assert code == 0 and event["event"] == "pixels", event
    dark = numpy.frombuffer(pixels, "uint8").reshape(200, 400, 3)[:, :, 0] < 100
    columns = [int(dark[:, 20 + i * 80:100 + i * 80].sum()) for i in range(3)]
    assert min(columns) > 150, columns


@tap.test("nothing works in the jail that must not")
def _():
    done = subprocess.run([INTAKE, "try"], stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout) == {"event": "jail", "worked": []}, done.stdout


@tap.test("after the jail closes the kernel opens nothing, and no file is written")
def _():
    for data, words in ((PDF, ["check"]), (JPEG, ["check"]), (PDF, ["preview", "--page", "0", "--width", "90", "--height", "90"])):
        trace = os.path.join(HOME.name, "trace")
        program = os.path.join(os.environ["ONESTOP_BUILD"], "kiosk/document/onestop-intake")
        done = subprocess.run(["bash", "-c", 'exec "$0" "$@" 3>/dev/null', "strace", "-f", "-o", trace, program, *words],
                              input=data, stdout=subprocess.PIPE)
        assert done.returncode == 0 and (b"accepted" in done.stdout or b"pixels" in done.stdout), done
        with open(trace) as file:
            calls = [line.split(None, 1)[1] for line in file.read().splitlines()]
        closed = max(i for i, c in enumerate(calls) if "SECCOMP_SET_MODE_FILTER" in c and "= 0" in c)
        assert closed < len(calls) - 3
        after = calls[closed:]
        # An open that the jail answers from its table is a signal, and no open of the kernel's.
        answered = sum("SIGSYS" in c for c in after)
        assert sum(c.startswith(("openat(", "open(")) for c in after) == answered
        wrong = [c for c in after if c.startswith(("openat2", "socket", "connect", "clone", "fork", "vfork", "exec", "creat"))
                 and "= -1" not in c]
        assert not wrong, wrong
        written = [c for c in calls if c.startswith(("open", "creat")) and ("O_WRONLY" in c or "O_RDWR" in c or "O_CREAT" in c)
                   and "= -1" not in c]
        assert not written, written


@tap.test("a thousand small wounds: no crash but in the jail, each answered in time")
def _():
    seed = int(os.environ.get("ONESTOP_SEED", "20261123"))
    chance = random.Random(seed)
    samples = [saved(picture(64, 48), "JPEG"), saved(picture(64, 48), "PNG"), pdf_of(pdf(2)),
               saved(picture(64, 48), "JPEG", progressive=True), saved(picture(64, 48), "PDF")]
    slowest = 0
    for number in range(int(os.environ.get("ONESTOP_WOUNDS", "150"))):
        data = bytearray(samples[number % len(samples)])
        for _wound in range(chance.choice((1, 1, 3, 12))):
            place, way = chance.randrange(len(data)), chance.randrange(4)
            if way == 0:
                data[place] = chance.randrange(256)
            elif way == 1:
                del data[place:place + chance.randrange(1, 30)]
            elif way == 2:
                data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 30)))
            else:
                data[place:place + 4] = struct.pack(">I", chance.choice((0, 1, 0x7fffffff, 0xffffffff, 65535)))
            if not data:
                data = bytearray(b"x")
        started = time.monotonic()
        done = subprocess.run([INTAKE, "check"], input=bytes(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        slowest = max(slowest, time.monotonic() - started)
        # A death by a signal is the jail's to bear; any other end is an answer.
        assert done.returncode <= 0, (seed, number, done)
        if done.returncode == 0:
            assert json.loads(done.stdout.splitlines()[-1])["verdict"] in ("accepted", "refused"), (seed, number)
    assert slowest < 10, slowest


@tap.test("wrong words are usage, a missing file is not now, a folder is refused")
def _():
    for words, code in ((["document"], 2), (["document", "check"], 2), (["document", "read", "x"], 2),
                        (["document", "check", "a", "b"], 2), (["document", "check", "--jsno", "a"], 2),
                        (["document", "check", HOME.name + "/none"], 3), (["document", "check", HOME.name], 4),
                        (["document", "--help"], 0)):
        done = subprocess.run([ONESTOP, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == code, (words, done)
    for words in ([], ["preview"], ["preview", "--page", "0", "--width", "99999", "--height", "1"], ["check", "x"]):
        assert subprocess.run([INTAKE, *words], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 2


tap.main()
