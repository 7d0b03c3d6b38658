#!/usr/bin/python3
"""Every text that the programs show has a Chinese one, and no Chinese text stands without its English."""
import os
import re
import subprocess

import tap

SOURCE = os.environ["ONESTOP_SOURCE"]
KEYWORDS = ["translate:2", "translate_printf:2", "translate_count:2,3", "N_", "page_say:2", "desk_say:2"]
FILES = [f for f in subprocess.check_output(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard", "kiosk", "ui", "sync"],
                                            text=True).splitlines()
         if f.endswith(".c") and os.path.exists(os.path.join(SOURCE, f))]


def catalogue(text):
    """{(id, plural id or None): text} of a .po file."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#~|^#, fuzzy", block, re.M):
            continue
        fields = {}
        name = None
        for line in block.splitlines():
            head = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")$', line)
            if head:
                name = head.group(1)
                fields[name] = ""
                line = head.group(2)
            if name and line.startswith('"'):
                fields[name] += line[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        if fields.get("msgid"):
            found[fields["msgid"], fields.get("msgid_plural")] = fields.get("msgstr", fields.get("msgstr[0]", ""))
    return found


def used():
    command = ["xgettext", "--language=C", "--from-code=UTF-8", "--keyword", "--no-location", "--sort-output", "-o", "-"]
    text = subprocess.check_output(command + [f"--keyword={k}" for k in KEYWORDS] + FILES, cwd=SOURCE, text=True)
    return catalogue(text)


def chinese():
    with open(SOURCE + "/assets/translations/zh_CN.po", encoding="utf-8") as file:
        return catalogue(file.read())


@tap.test("every text has a Chinese translation")
def _():
    there = chinese()
    missing = [k[0] for k in used() if not there.get(k)]
    assert len(used()) > 100, "xgettext finds no texts"
    assert not missing, "not in zh_CN.po:\n" + "\n".join(sorted(missing))


@tap.test("no Chinese text is left over")
def _():
    texts = used()
    left = [k[0] for k in chinese() if k not in texts]
    assert not left, "nobody shows:\n" + "\n".join(sorted(left))


@tap.test("the catalogue is sorted and says nothing twice (msgcat --sort-output --no-wrap makes it so)")
def _():
    path = SOURCE + "/assets/translations/zh_CN.po"
    with open(path, encoding="utf-8") as file:
        ids = re.findall(r'^msgid "(.*)"$', file.read(), re.M)[1:]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    assert not twice, twice
    assert ids == sorted(ids), [b for a, b in zip(ids, ids[1:]) if b < a][:3]


@tap.test("formats take the same arguments in both languages")
def _():
    wrong = []
    for (msgid, plural), text in chinese().items():
        want = sorted(re.findall(r"%[0-9$]*([a-z])", plural or msgid))
        have = sorted(re.findall(r"%[0-9$]*([a-z])", text))
        if want != have:
            wrong.append(f"{msgid!r}: {want} but {have}")
    assert not wrong, "\n".join(wrong)


@tap.test("Chinese texts keep to the writing rules")
def _():
    wrong = [text for text in chinese().values()
             if re.search(r"[!！]|亲|哦|失败|非法|无效输入|错误|千人计划|[一-鿿][,;:?](?!\d)", text)]
    assert not wrong, wrong


tap.main()
