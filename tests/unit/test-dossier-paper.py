#!/usr/bin/python3
"""A dossier on A4: every page is there, says whose it is, and a scan inside is the scan, bit by bit."""
import hashlib
import os
import re
import subprocess
import tempfile

import tap

FOLDER = tempfile.TemporaryDirectory()
PROGRAM = os.path.join(os.environ["ONESTOP_BUILD"], "tests", "unit", "test-dossier-paper")
PAGES, NUMBER, CODE = subprocess.run([PROGRAM, "--write", FOLDER.name], check=True, capture_output=True,
                               text=True).stdout.splitlines()
PAGES = int(PAGES)


def path(name):
    return os.path.join(FOLDER.name, name)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=FOLDER.name).stdout


def words(page):
    return re.sub(r"\s+", "", run("pdftotext", "-f", str(page), "-l", str(page), path("dossier.pdf"), "-"))


def gray(name, page, dpi):
    """Width, height and rows of one page in grey."""
    data = subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-f", str(page), path(name)],
                          check=True, capture_output=True).stdout
    head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", data)
    width, height = int(head[1]), int(head[2])
    return width, height, [data[head.end() + y * width:head.end() + (y + 1) * width] for y in range(height)]


@tap.test("the PDF is sound and all A4")
def _():
    subprocess.run(["qpdf", "--check", path("dossier.pdf")], check=True, capture_output=True)
    info = run("pdfinfo", "-l", "-1", path("dossier.pdf"))
    assert re.search(rf"Pages:\s+{PAGES}\n", info)
    sizes = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", info)
    assert len(sizes) == PAGES and all(abs(float(w) - 595.3) < 1 and abs(float(h) - 841.9) < 1 for w, h in sizes)


@tap.test("every page has the case number, its own number, and who printed it")
def _():
    for page in range(1, PAGES + 1):
        text = words(page)
        assert NUMBER in text, page
        assert f"第{page}页，共{PAGES}页" in text, page
        assert "打印示例专员GS-D1" in text, page


@tap.test("the cover tells little of the person and claims nothing")
def _():
    text = words(1)
    for expected in ("王*", "尾号001X", "（未认定）", "身份：扫描件，未核原件", "知悉范围", "收件之日起10个工作日"):
        assert expected in text, expected
    whole = "".join(words(page) for page in range(1, PAGES + 1))
    assert "44011320141005001X" not in whole
    assert "王示例" not in text
    assert "受理" not in text and "密级" not in whole


@tap.test("the cover's code reads back as a mono printer of 203 dpi would burn it, and its modules are half a millimetre")
def _():
    run("pdftoppm", "-r", "203", "-mono", "-singlefile", "-f", "1", path("dossier.pdf"), path("cover"))
    run("convert", "cover.pbm", "cover.png")
    assert run("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", "cover.png").rstrip("\n") == CODE
    _, _, rows = gray("dossier.pdf", 1, 600)
    left, right, top, bottom = (int(mm * 600 / 25.4) for mm in (23, 66, 190, 250))
    # The upper edge of a finder is seven dark modules, then a light one.
    runs = (re.search(rb"^[\x80-\xff]+([\x00-\x7f]{60,200})[\x80-\xff]{6}", row[left:right]) for row in rows[top:bottom])
    finder = len(next(found for found in runs if found)[1])
    assert finder >= 7 * 12 and finder % 7 == 0, finder


@tap.test("sheet, answers, consents, timeline and index are there")
def _():
    whole = "".join(words(page) for page in range(2, PAGES + 1))
    for expected in ("案件信息", "申请表", "苏州示例科技有限公司", "表格如何换行", "告知、同意与签名", "手写签名图像（未经电子认证）",
                     "办理流转记录", "已收件", "材料目录", "推荐信未提交", "图像已损坏，无法打印", "此件尚未传到本机"):
        assert expected in whole, expected


@tap.test("the index names the page each document is on")
def _():
    index = next(page for page in range(1, PAGES + 1) if "材料目录" in words(page))
    layout = run("pdftotext", "-layout", "-f", str(index), "-l", str(index), path("dossier.pdf"), "-")
    named = re.search(r"入选文件或证书\s+sample\.pdf\s+(\d+)–(\d+)", layout)
    assert named, layout
    for n, page in enumerate(range(int(named[1]), int(named[2]) + 1), 1):
        assert f"SAMPLEPDFPAGE{n}" in words(page), page


@tap.test("a JPEG passes through unchanged, also where it is turned")
def _():
    run("pdfimages", "-all", path("dossier.pdf"), path("image"))
    with open(path("scan.jpg"), "rb") as file:
        scan = hashlib.sha256(file.read()).hexdigest()
    found = []
    for name in sorted(os.listdir(FOLDER.name)):
        if name.startswith("image-") and name.endswith(".jpg"):
            with open(path(name), "rb") as file:
                found.append(hashlib.sha256(file.read()).hexdigest())
    assert found == [scan, scan], found
    text = "".join(words(page) for page in range(1, PAGES + 1))
    assert "SHA-256" + scan in text


@tap.test("the turned page is turned clockwise: its dark head is at the right")
def _():
    first = next(page for page in range(2, PAGES + 1) if "SHA-256" in words(page))
    for page, turned in ((first, False), (first + 1, True)):
        width, height, rows = gray("dossier.pdf", page, 50)
        dark = [(x, y) for y, row in enumerate(rows) for x, value in enumerate(row) if value < 70]
        x = sum(x for x, _ in dark) / len(dark)
        y = sum(y for _, y in dark) / len(dark)
        assert (x > width * 0.75) == turned and (y < height * 0.3) != turned, (page, x / width, y / height)


@tap.test("a PDF whose fonts cannot be taken over safely is printed as pixels, others stay text")
def _():
    page = next(page for page in range(2, PAGES + 1) if "在苏工作证明本件第1页" in words(page))
    pixels = [line.split() for line in run("pdfimages", "-list", path("dossier.pdf")).splitlines()[2:]]
    assert [line[3] for line in pixels if line[0] == str(page)] == ["1652"], pixels
    text = "".join(words(page) for page in range(1, PAGES + 1))
    assert "SAMPLEPDFPAGE1" not in words(page) and "SAMPLEPDFPAGE3" in text


@tap.test("no character is missing on paper")
def _():
    dpi = 100
    side = int(6.8 * dpi / 25.4)
    for page in range(6):
        _, _, rows = gray(f"characters-{page}.pdf", 1, dpi)
        for i in range(400):
            x, y = (int((7 + 7 * n) * dpi / 25.4) for n in (i % 20, i // 20))
            ink = sum(1 for line in rows[y:y + side] for value in line[x:x + side] if value < 128)
            assert ink >= 10, f"character {i} of page {page}"


tap.main()
