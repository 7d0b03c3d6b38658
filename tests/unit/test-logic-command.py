#!/usr/bin/python3
"""`onestop logic`, `eligibility` and `guide check` at the shell: results, refusals, hostile rules, and the
published JsonLogic suites when TEST_JSONLOGIC names a copy of json-logic/compat-tables."""
import json
import os
import resource
import subprocess
import tempfile

import tap

ONESTOP = os.environ["ONESTOP_BUILD"] + "/kiosk/cli/onestop"
GUIDE = os.environ["ONESTOP_SOURCE"] + "/assets/guide/320500.json"
FOLDER = tempfile.mkdtemp(prefix="logic-")
SANITIZED = "ONESTOP_SANITIZED" in os.environ


def write(name, value):
    path = os.path.join(FOLDER, name)
    mode = "wb" if isinstance(value, bytes) else "w"
    with open(path, mode, **({} if mode == "wb" else {"encoding": "utf-8"})) as file:
        file.write(value if isinstance(value, (bytes, str)) else json.dumps(value))
    return path


def run(*words, memory=None):
    limit = ["prlimit", f"--data={memory}", f"--stack={1 << 20}"] if memory else []
    return subprocess.run([*limit, ONESTOP, *words], capture_output=True, text=True, timeout=60)


def logic(rule, data, *words, memory=None):
    return run("logic", write("rule.json", rule), write("data.json", data), *words, memory=memory)


@tap.test("a rule is evaluated, strictly or in three values")
def _():
    assert json.loads(logic({"+": [1, {"var": "a"}]}, {"a": 2}).stdout) == 3
    assert json.loads(logic({"and": [{"var": "a"}, {"var": "b"}]}, {"a": False}, "--ternary").stdout) is False
    assert json.loads(logic({"and": [{"var": "a"}, {"var": "b"}]}, {"a": True}, "--ternary").stdout) == {"unknown": True}
    assert json.loads(logic({"and": [{"var": "a"}, {"var": "b"}]}, {"a": True}).stdout) is None


@tap.test("what is no rule, no data or no operator is exit 4; wrong usage 2; no file 3")
def _():
    assert logic({"launch": 1}, None).returncode == 4
    assert logic({"/": [1, 0]}, None).returncode == 4
    assert logic("{", None).returncode == 4
    assert logic(True, "{\"a\":1,\"a\":2}").returncode == 4
    assert run("logic", "x").returncode == 2
    assert run("logic", FOLDER + "/nothing", FOLDER + "/nothing").returncode == 3


HOSTILE = {
    "100,000 operators deep": "{\"!\":" * 100000 + "true" + "}" * 100000,
    "100,000 lists deep": "[" * 100000 + "]" * 100000,
    "17 operators deep": "{\"!\":" * 17 + "true" + "}" * 17,
    "50 MB": "[" + "0," * 26214400 + "0]",
    "a million nodes": "{\"or\":[" + "0," * 1000000 + "0]}",
    "a number out of range": "1e999",
    "an integer out of range": "123456789012345678901234567890",
    "broken UTF-8": b"\"\xff\xfe\"",
    "NUL in a text": "\"a\\u0000b\"",
    "nothing": "",
    "two values": "1 2",
}


@tap.test("hostile rules are refused at once and in little memory")
def _():
    for name, text in HOSTILE.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Allocating more fails, and aborts. The sanitizers alone need more, and more time.
        answer = logic(text, {}, memory=None if SANITIZED else 64 << 20)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert answer.returncode == 4, f"{name}: exit {answer.returncode}"
        assert SANITIZED or spent < 0.1, f"{name}: {spent:.3f} s of processor"


@tap.test("a path of 100,000 steps and a walk of 10^9 steps end")
def _():
    assert json.loads(logic({"var": "a." * 100000 + "a"}, {"a": 1}).stdout) is None
    rows = list(range(1000))
    deep = {"map": [{"var": ""}, 1]}
    for _ in range(3):
        deep = {"map": [rows, deep]}
    assert logic(deep, rows).returncode == 4


@tap.test("the eligibility check says category, clause, services, missing and next")
def _():
    facts = write("facts.json", {"titles_top": [], "titles": ["jieqing"]})
    answer = json.loads(run("eligibility", facts, "--json", "--date", "2026-11-23", "--lang", "en").stdout)
    assert answer["category"]["id"] == "category-2" and "第二条第（二）项" in answer["category"]["clause"]
    assert answer["outcome"] == "met" and len(answer["services"]) == 20
    assert answer["next"] and all(q["question"] and q["why"] for q in answer["next"])
    assert "identity" in answer["missing"] and answer["record"]["date"] == "2026-11-23"
    again = json.loads(run("eligibility", facts, "--json", "--date", "2026-11-23").stdout)
    assert again["record"] == answer["record"]
    one = json.loads(run("eligibility", facts, "--json", "--service", "work-permit").stdout)
    assert [s["id"] for s in one["services"]] == ["work-permit"]
    assert run("eligibility", facts, "--service", "nothing").returncode == 3
    assert run("eligibility", facts, "--date", "23.11.2026").returncode == 2
    assert run("eligibility", write("f.json", {"titles": ["earl"]})).returncode == 4


@tap.test("the guide is listed, shown and checked")
def _():
    listed = json.loads(run("guide", "list", "--json").stdout)["services"]
    assert len(listed) == 21 and {s["group"] for s in listed} == {1, 2, 3, 4}
    assert run("guide", "show", "nothing").returncode == 3
    assert "15 working days" in run("guide", "show", "overseas-talent-certificate", "--lang", "en").stdout
    assert run("guide", "check", GUIDE).returncode == 0
    with open(GUIDE, encoding="utf-8") as file:
        guide = json.load(file)
    guide["services"][0]["eligibility"]["all"][0]["ref"] = "nobody"
    answer = run("guide", "check", write("guide.json", guide))
    assert answer.returncode == 1 and "/services/0/eligibility" in answer.stderr
    assert run("guide", "check", write("guide.json", "{")).returncode == 1
    assert run("guide", "pack", GUIDE).returncode == 2


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) < 1e-9
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def suites():
    place = os.environ.get("TEST_JSONLOGIC")
    if not place:
        raise tap.Skip("TEST_JSONLOGIC names no copy of json-logic/compat-tables")
    for folder, _, names in sorted(os.walk(place + "/suites")):
        for name in sorted(names):
            if name.endswith(".json") and name != "index.json":
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    yield name, [c for c in json.load(file) if isinstance(c, dict)]


def wrong_cases(cases):
    for case in cases:
        answer = logic(json.dumps(case["rule"]), json.dumps(case.get("data")))
        if answer.returncode != 0 or not same(json.loads(answer.stdout), case["result"]):
            yield f"{case['rule']}: {answer.stdout or answer.stderr}"


@tap.test("every case of the published compatible suite comes out as it says")
def _():
    for name, cases in suites():
        if name == "compatible.json":
            wrong = list(wrong_cases(cases))
            assert len(cases) == 278 and not wrong, wrong
            return
    assert False, "no compatible.json"


# Operators of the extended suites that a guide may not use.
STRANGERS = {"val", "exists", "throw", "try", "??", "preserve"}


def uses_strangers(rule):
    if isinstance(rule, dict):
        return bool(STRANGERS & rule.keys()) or any(map(uses_strangers, rule.values()))
    return isinstance(rule, list) and any(map(uses_strangers, rule))


@tap.test("so does every case of the extended suites that is no error and asks for admitted operators")
def _():
    count, wrong = 0, []
    for name, cases in suites():
        fit = [c for c in cases if "result" in c and not uses_strangers(c["rule"]) and name != "compatible.json"]
        count += len(fit)
        wrong += wrong_cases(fit)
    assert count > 300 and not wrong, (count, wrong[:5])


tap.main()
