#!/usr/bin/python3
"""The guide on paper as it is read: A4, every page numbered, the edition, both languages, what it never claims."""
import os
import re
import subprocess
import tempfile

import tap

FOLDER = tempfile.TemporaryDirectory()
PROGRAM = os.path.join(os.environ["ONESTOP_BUILD"], "tests", "unit", "test-guide-paper")
subprocess.run([PROGRAM, "--write", FOLDER.name], check=True)


def path(name):
    return os.path.join(FOLDER.name, name + ".pdf")


def words(name, *options):
    text = subprocess.run(["pdftotext", *options, path(name), "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", "", text)


def pages(name):
    info = subprocess.run(["pdfinfo", path(name)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", info)[1]), re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info)


@tap.test("guide, forms and mandate are sound, A4, and each page says which of how many it is")
def _():
    for name in ("guide-zh", "guide-en", "form-blank", "form-blank-en", "form-filled", "mandate"):
        subprocess.run(["qpdf", "--check", path(name)], check=True, capture_output=True)
        count, size = pages(name)
        assert abs(float(size[1]) - 595.3) < 1 and abs(float(size[2]) - 841.9) < 1, (name, size[0])
        for page in range(1, count + 1):
            assert f"第{page}页，共{count}页" in words(name, "-f", str(page), "-l", str(page)), (name, page)


@tap.test("the guide names its edition, its basis, its sources, and marks what is not confirmed")
def _():
    text = words("guide-zh")
    for said in ("办事指南（一次性告知）", "居留和出入境", "指南第1版", "资料来源", "第三十条", "现行有效情况待确认", "※",
                 "以窗口答复为准", "不是受理或收件的凭证"):
        assert said in text, said
    assert "Residence" not in text


@tap.test("for who reads English the Chinese text is there, too")
def _():
    text = words("guide-en")
    for said in ("居留和出入境", "ResidenceandExit-Entry", "Whattobring", "TheChinesetextprevails", "收件之日起15日",
                 "15calendardaysfromreceipt"):
        assert said in text, said


@tap.test("a filled form has the answers and none of the fields that are not asked; a blank one has all")
def _():
    filled, blank = words("form-filled"), words("form-blank")
    assert "王示例" in filled and "13800000000" in filled and "护照号码" not in filled
    assert "王示例" not in blank and "护照号码" in blank
    assert "打印不等于提交、收件或受理" in filled


@tap.test("the pre-check note lists what is there and what is missing, and is no notice of an office")
def _():
    text = words("missing-zh")
    there, missing = text.index("已有"), text.index("还缺")
    assert missing < text.index("劳动合同或营业执照") < there < text.index("有效身份证件")
    for said in ("自助预检提示", "（非补正告知）", "不是补正告知", "还没有人看过材料"):
        assert said in text, said
    for never in ("补正通知", "一次性告知书", "已受理", "已收件"):
        assert never not in text, never


tap.main()
