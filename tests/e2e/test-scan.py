#!/usr/bin/python3
"""Real pages through the real SANE: what lies on the scanner is what comes out, and every fault has its word."""
import hashlib
import io
import json
import os
import subprocess
import tempfile

import numpy
from PIL import Image, ImageDraw

import tap

SCAN = os.path.join(os.environ["ONESTOP_LIBEXEC"], "onestop-scan")
HOME = tempfile.TemporaryDirectory(prefix="onestop-scan-")
SANE = os.path.join(HOME.name, "sane")
os.mkdir(SANE)
for name, text in (("dll.conf", "test\npnm\n"), ("test.conf", "")):
    with open(os.path.join(SANE, name), "w") as file:
        file.write(text)


def onto_3(fd, *words):
    return ["bash", "-c", f'exec "$0" "$@" 3>&{fd}', *words]


def scan(*words, seconds=60, **more):
    """(events, page, exit code) of one life of the helper; the page comes through a pipe."""
    env = {**os.environ, "SANE_CONFIG_DIR": SANE, **more}
    out, into = os.pipe()
    process = subprocess.Popen(onto_3(into, SCAN, *words), stdout=subprocess.PIPE, env=env, pass_fds=(into,))
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        page = pipe.read()
    said, _ = process.communicate(timeout=seconds)
    return [json.loads(line) for line in said.splitlines()], page, process.returncode


def sample_page(width=2480, height=3508, seed=1):
    """A believable A4 page at 300 dpi: text lines, a red seal, a photo with noise. Nobody's."""
    page = Image.new("RGB", (width, height), (252, 251, 248))
    draw = ImageDraw.Draw(page)
    for line in range(12):
        y = height // 10 + line * height // 18
        draw.text((width // 9, y), "SAMPLE TEST 000000 - line %d - not a document of anybody" % line, fill=(20, 20, 30))
        draw.rectangle((width // 9, y + 30, width - width // 7, y + 34), fill=(70, 80, 90))
    draw.ellipse((width * 6 // 10, height * 6 // 10, width * 8 // 10, height * 6 // 10 + width * 2 // 10),
                 outline=(200, 20, 30), width=12)
    noise = numpy.random.default_rng(seed).normal(128, 10, (height // 8, width // 8, 3)).clip(0, 255).astype("uint8")
    photo = Image.fromarray(noise).resize((width // 4, height // 4), Image.BILINEAR)
    page.paste(photo, (width // 8, height * 6 // 10))
    return page


def psnr(a, b):
    error = numpy.mean((numpy.asarray(a, float) - numpy.asarray(b, float)) ** 2)
    return 99.0 if error == 0 else 10 * numpy.log10(255 ** 2 / error)


def lay(image, name="page.ppm"):
    path = os.path.join(HOME.name, name)
    image.save(path)
    return "sane:pnm:0;filename=" + path


@tap.test("a page laid on the scanner comes out as JPEG: same size, PSNR at least 35 dB, 300 dpi, hash as said")
def _():
    page = sample_page()
    events, jpeg, code = scan("page", lay(page))
    assert code == 0, events
    last = events[-1]
    assert last["event"] == "page" and last["bytes"] == len(jpeg), last
    got = Image.open(io.BytesIO(jpeg))
    assert got.format == "JPEG" and got.size == page.size == (last["width"], last["height"])
    assert got.info["dpi"] == (300, 300), got.info["dpi"]
    quality = psnr(page, got.convert("RGB"))
    assert quality >= 35, quality
    # The measure can fail: a page shifted by one pixel is another page.
    shifted = Image.fromarray(numpy.roll(numpy.asarray(page), 1, axis=0))
    assert psnr(shifted, got.convert("RGB")) < 35
    percents = [e["percent"] for e in events if e["event"] == "progress"]
    assert percents == sorted(set(percents)) and percents[-1] == 100 and len(percents) > 10, percents
    again = scan("page", lay(page))[1]
    assert hashlib.sha256(again).digest() == hashlib.sha256(jpeg).digest(), "the same page twice is not the same bytes"


@tap.test("the scan helper opens no file for writing")
def _():
    trace = os.path.join(HOME.name, "trace")
    out, into = os.pipe()
    command = ["strace", "-f", "-e", "trace=openat,open,creat,memfd_create,mkdir,rename", "-o", trace,
               os.path.join(os.environ["ONESTOP_BUILD"], "kiosk/devices/onestop-scan"), "page", lay(sample_page(300, 400))]
    process = subprocess.Popen(onto_3(into, *command), stdout=subprocess.DEVNULL, pass_fds=(into,),
                               env={**os.environ, "SANE_CONFIG_DIR": SANE})
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        assert pipe.read()[:2] == b"\xff\xd8"
    assert process.wait(60) == 0
    with open(trace) as file:
        calls = file.read().splitlines()
    assert len(calls) > 5
    wrong = [c for c in calls if ("O_WRONLY" in c or "O_RDWR" in c or "O_CREAT" in c or "creat(" in c) and "= -1" not in c
             and "/dev/" not in c]
    assert not wrong, wrong


@tap.test("the test scanner's whole bed comes in colour at 300 dpi")
def _():
    events, jpeg, code = scan("page", "sane:test:0")
    assert code == 0, events
    got = Image.open(io.BytesIO(jpeg))
    assert got.size == (2362, 2362) and got.mode == "RGB", (got.size, got.mode)


@tap.test("a grey page stays grey")
def _():
    grey = sample_page(600, 800).convert("L")
    events, jpeg, code = scan("page", lay(grey, "grey.pgm"))
    assert code == 0, events
    got = Image.open(io.BytesIO(jpeg))
    assert got.size == (600, 800) and got.mode == "L", (got.size, got.mode)
    assert psnr(grey, got.convert("L")) >= 35


@tap.test("each fault of a scanner has its word, and no page")
def _():
    words = {"JAMMED": "jammed", "COVER_OPEN": "cover-open", "NO_DOCS": "no-document", "IO_ERROR": "gone",
             "DEVICE_BUSY": "busy", "ACCESS_DENIED": "denied", "NO_MEM": "too-large", "INVAL": "failed"}
    for status, word in words.items():
        events, page, code = scan("page", "sane:test:0;read-return-value=SANE_STATUS_" + status)
        assert (events[-1]["event"], events[-1]["word"], page, code) == ("fault", word, b"", 3), (status, events, code)
    for device in ("sane:test:77", "sane:nothing:0", "sane:pnm:0;filename=/nowhere/page.ppm"):
        events, page, code = scan("page", device)
        assert events[-1]["event"] == "fault" and page == b"" and code == 3, (device, events)


@tap.test("a scanner unplugged in the middle of a page gives a fault and no part of a page")
def _():
    whole = lay(sample_page(1000, 1400), "cut.ppm")
    path = whole.split("=", 1)[1]
    os.truncate(path, os.path.getsize(path) // 2)
    events, page, code = scan("page", whole)
    assert events[-1]["event"] == "fault" and page == b"" and code == 3, events[-3:]


@tap.test("a scan that hangs ends by SIGTERM, at the latest by a second one")
def _():
    process = subprocess.Popen([SCAN, "page", "sane:test:0"], stdout=subprocess.PIPE,
                               env={**os.environ, "SANE_CONFIG_DIR": SANE, "ONESTOP_FAULT": "scan.read=stall@30"})
    assert b"progress" in process.stdout.readline()
    process.terminate()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.terminate()
    assert process.wait(10) != 0
    process.stdout.close()


@tap.test("a folder gives each picture once and then around")
def _():
    folder = os.path.join(HOME.name, "pages")
    os.mkdir(folder)
    pages = {"1-passport.png": sample_page(300, 200, 2), "2-contract.jpg": sample_page(320, 240, 3),
             "3-letter.ppm": sample_page(340, 280, 4)}
    for name, image in pages.items():
        image.save(os.path.join(folder, name))
    after, seen = None, []
    for _turn in range(4):
        events, jpeg, code = scan("page", "folder:" + folder, *(["--after", after] if after else []))
        assert code == 0, events
        after = events[-1]["name"]
        seen.append(after)
        assert psnr(Image.open(os.path.join(folder, after)), Image.open(io.BytesIO(jpeg))) > 33
    assert seen == [*sorted(pages), sorted(pages)[0]], seen


@tap.test("devices are listed; wrong words are usage")
def _():
    events, _page, code = scan("list")
    assert code == 0 and {"sane:pnm:0", "sane:test:0"} <= {e["name"] for e in events}, events
    for words in ((), ("page",), ("page", "v4l2:/dev/video0"), ("page", "sane:test:0", "--resolution", "9"), ("x",)):
        assert scan(*words)[2] == 2, words
    for word in ("--help", "--version"):
        assert subprocess.run([SCAN, word], stdout=subprocess.PIPE, check=True).stdout


tap.main()
