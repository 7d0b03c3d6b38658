#!/usr/bin/python3
"""Receipts and tickets as the thermal head would burn them: 203 dpi, one bit, read back by zbarimg."""
import os
import re
import subprocess
import tempfile

import tap

FOLDER = tempfile.TemporaryDirectory()
PROGRAM = os.path.join(os.environ["ONESTOP_BUILD"], "tests", "unit", "test-paper")
TEXTS = subprocess.run([PROGRAM, "--write", FOLDER.name], check=True, capture_output=True,
                       text=True).stdout.splitlines()
RECEIPTS = ["receipt-zh", "receipt-en", "receipt-copy"]
TICKETS = ["ticket", "ticket-copy"]
SLIPS = ["slip-zh", "slip-en"]


def path(name):
    return os.path.join(FOLDER.name, name)


def words(name):
    text = subprocess.run(["pdftotext", "-layout", path(name + ".pdf"), "-"], check=True,
                          capture_output=True, text=True).stdout
    return re.sub(r"\s+", "", text)


def burn(name, dpi="203"):
    subprocess.run(["pdftoppm", "-r", dpi, "-mono", "-singlefile", path(name + ".pdf"), path(name)], check=True)
    return path(name + ".pbm")


def read(image):
    return subprocess.run(["zbarimg", "-q", "--raw", image], capture_output=True, text=True).stdout.rstrip("\n")


def pixels(image):
    with open(image, "rb") as file:
        data = file.read()
    head = re.match(rb"P4\s(?:#.*\n)?(\d+)\s(\d+)\s", data)
    width, height = int(head[1]), int(head[2])
    stride = (width + 7) // 8
    rows = []
    for y in range(height):
        line = data[head.end() + y * stride:head.end() + (y + 1) * stride]
        rows.append("".join(f"{byte:08b}" for byte in line)[:width])
    return rows


@tap.test("every QR code reads back unchanged from one-bit dots")
def _():
    for names, text in ((RECEIPTS + SLIPS, TEXTS[0]), (TICKETS, TEXTS[1])):
        for name in names:
            assert read(burn(name)) == text, name


@tap.test("and at other resolutions than it was laid out for")
def _():
    for dpi in ("180", "300"):
        assert read(burn("receipt-en", dpi)) == TEXTS[0], dpi


@tap.test("every module of the code is a whole number of dots")
def _():
    for name in ("receipt-zh", "ticket"):
        rows = pixels(burn(name))
        # the code's first rows: a finder, seven modules of six dots, at both ends
        tops = [y for y, row in enumerate(rows) if re.match(r"0+1{42}0.*01{42}0+$", row)]
        assert len(tops) >= 6, name
        for row in rows[tops[0]:tops[0] + 42]:
            left = rows[tops[0]].index("1" * 42)
            code = row[left:row.rindex("1", 0, 560 if name == "receipt-zh" else 360) + 1]
            assert all(len(run) % 6 == 0 for run in re.findall("1+", code)), name


@tap.test("the paper is 80 mm wide, and what is printed fits 576 dots")
def _():
    for name in RECEIPTS + TICKETS + SLIPS + ["slip-bare"]:
        info = subprocess.run(["pdfinfo", path(name + ".pdf")], check=True, capture_output=True, text=True).stdout
        assert re.search(r"Pages:\s+1\n", info), name
        assert abs(float(re.search(r"Page size:\s+([\d.]+)", info)[1]) - 80 * 72 / 25.4) < 0.1, name
        for row in pixels(burn(name)):
            assert "1" not in row[:28] and "1" not in row[612:], name
        rows = pixels(path(name + ".pbm"))
        assert all("1" not in row for row in rows[-90:]), f"{name}: no feed before the cut"


@tap.test("a receipt says what happened and no more")
def _():
    for name in RECEIPTS:
        text = words(name)
        assert "GSK-22223D-S" in text, name
        assert "已提交等待收件" in text and "本机已收到您的申请，将自动上传；收到不等于受理。" in text, name
        assert text.count("受理") == 1 and "收到不等于受理" in text, name
        assert "收件回执" not in text and "办结不晚于" not in text, name
    assert "收件之日起10个工作日" in words("receipt-zh")
    assert "以窗口答复为准" in words("receipt-copy")
    english = words("receipt-en")
    assert "waitingtobereceived" in english and "doesnotmeanitisacceptedforprocessing" in english
    assert "Identitydocument" in english and "Identitydocument" not in words("receipt-zh")
    assert "3份11页" in english and "Recentphoto" in english


@tap.test("tests and copies are marked, first prints are not")
def _():
    for name in ("receipt-copy", "ticket-copy"):
        assert "测试TEST" in words(name) and "补打" in words(name) and "REPRINT" in words(name), name
    assert "补打2" in words("receipt-copy") and "第3次打印" in words("receipt-copy")
    for name in ("receipt-zh", "receipt-en", "ticket"):
        assert "TEST" not in words(name) and "补打" not in words(name) and "首次打印" in words(name), name


@tap.test("a ticket has number, family and the wait only where it is known")
def _():
    text = words("ticket")
    assert "A021" in text and "人才综合专窗" in text and "3人" in text and "20分钟" in text
    text = words("ticket-copy")
    assert "B201" in text and "外国人才专窗" in text and "分钟" not in text and "前面等候" not in text


@tap.test("a slip says what may be, and that the centre decides")
def _():
    for name in SLIPS + ["slip-bare"]:
        text = words(name)
        assert "您可能符合" in text and "自助预判，最终以市人才服务中心认定为准" in text, name
        assert "很可能" not in text and "受理" not in text and "需认定" in text, name
        assert "2026-11-23" in text and "不含姓名和证件号" in text, name
    assert "Thetalentcentredecides" in words("slip-en") and "Thetalentcentre" not in words("slip-zh")
    assert "扫码接着办" in words("slip-zh") and "2026-12-23前" in words("slip-zh")
    assert "扫码" not in words("slip-bare") and "放不进一个码" in words("slip-bare")


tap.main()
