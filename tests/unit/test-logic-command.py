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
SANITIZED = "ONESTOP_SANITIZED" in os.environ      # then the program needs memory and time of its own


def write(name, value):
    path = os.path.join(FOLDER, name)
    mode = "wb" if isinstance(value, bytes) else "w"
    with open(path, mode, **({} if mode == "wb" else {"encoding": "utf-8"})) as file:
        file.write(value if isinstance(value, (bytes, str)) else json.dumps(value))
    return path


def bound():
    """What a hostile rule may take at most, before the kernel ends it: 64 MiB of addresses, 1 MiB of stack, and one second
    of processor, of which a refusal needs a hundredth. A busy machine changes nothing of that."""
    resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(*words, bounded=False):
    return subprocess.run([ONESTOP, *words], capture_output=True, text=True, timeout=60, preexec_fn=bound if bounded and not SANITIZED else None)


def logic(rule, data, *words, bounded=False):
    return run("logic", write("rule.json", rule), write("data.json", data), *words, bounded=bounded)


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


@tap.test("hostile rules are refused within 64 MiB and one second of processor")
def _():
    assert logic({"!": True}, None, bounded=True).returncode == 0    # the bounds leave room for a rule
    for name, text in HOSTILE.items():
        answer = logic(text, {}, bounded=True)
        assert answer.returncode == 4, f"{name}: exit {answer.returncode}, {answer.stderr[-300:]}"
        if name not in ("50 MB", "a million nodes"):    # a rule's file is at most 256 KiB, data 2 MiB
            answer = logic({"var": ""}, text, bounded=True)
            assert answer.returncode == (0 if name.startswith("17 ") else 4), f"{name} as data: exit {answer.returncode}"


WALK = {"map": [{"var": ""}, 1]}
for _ in range(3):
    WALK = {"map": [list(range(1000)), WALK]}
DOUBLE = {"var": "s"}
for _ in range(15):
    DOUBLE = {"cat": [DOUBLE, DOUBLE]}
GROW = {"reduce": [{"var": "l"}, {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]}, [1, 2]]}
LONG = {"reduce": [{"var": "l"}, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "ab"]}


@tap.test("rules whose work or result has no bound end within the same")
def _():
    rows = list(range(1000))
    for name, rule, data in [("10^12 steps", WALK, rows), ("2^15 leaves", DOUBLE, {"s": "x" * 60000}),
                             ("a list doubled 1,000 times", GROW, {"l": rows}), ("a text doubled 1,000 times", LONG, {"l": rows})]:
        answer = logic(rule, data, bounded=True)
        assert answer.returncode == 4, f"{name}: exit {answer.returncode}, {answer.stderr[-300:]}"


@tap.test("a path of 100,000 steps leads nowhere, into a deep object as far as that goes")
def _():
    assert json.loads(logic({"var": "a." * 100000 + "a"}, {"a": 1}, bounded=True).stdout) is None
    deep = "{\"a\":" * 120 + "7" + "}" * 120
    assert json.loads(logic({"var": ".".join("a" * 120)}, deep, bounded=True).stdout) == 7
    assert json.loads(logic({"var": ".".join("a" * 100000)}, deep, bounded=True).stdout) is None
    assert logic({"map": [list(range(100)), {"var": "a." * 100000}]}, {}, bounded=True).returncode in (0, 4)


def guide_with(eligibility, shared=()):
    with open(GUIDE, encoding="utf-8") as file:
        guide = json.load(file)
    guide["catalog"]["criteria"] += shared
    guide["services"][0]["eligibility"] = eligibility
    return json.dumps(guide)


@tap.test("criteria that refer to themselves, or nest without end, are refused in the same bounds")
def _():
    def ref(name, to):
        return {"id": name, "text": {"zh-CN": name, "en": name}, "all": [{"id": name + "-of", "ref": to}]}
    ring = [ref(f"ring-{i}", f"ring-{(i + 1) % 5}") for i in range(5)]
    ladder = [ref(f"rung-{i}", f"rung-{i + 1}") for i in range(50)] + [{"id": "rung-50", "logic": True}]
    def nest(levels):
        return "{\"all\":[" * levels + "]}" * levels
    for why, text in [("refers to itself", guide_with({"id": "x", "ref": "self"}, [ref("self", "self")])),
                      ("refers to itself", guide_with({"id": "x", "ref": "ring-0"}, ring)),
                      ("nested too deep", guide_with({"id": "x", "ref": "rung-0"}, ladder)),
                      ("nested deeper", guide_with("HERE").replace("\"HERE\"", nest(20000))),
                      ("more than 100000 values", guide_with("HERE").replace("\"HERE\"", nest(100000)))]:
        answer = run("guide", "check", write("guide.json", text), bounded=True)
        assert answer.returncode == 1 and why in answer.stderr, f"exit {answer.returncode}, {answer.stderr[-300:]}"


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


@tap.test("the same facts, day and guide give the same record, byte for byte, in any process, locale and order")
def _():
    facts = {"titles_top": [], "titles": ["jieqing", "jiangsu-333"], "identity": None, "employer_in_suzhou": True,
             "doctorate_abroad": False, "adult": True}

    def record(order, day, **environment):    # the hash of each JSON object has a seed of its process
        path = write("facts.json", {name: facts[name] for name in order})
        output = subprocess.run([ONESTOP, "eligibility", path, "--json", "--date", day, "--lang", "en"], capture_output=True,
                                timeout=60, check=True, env={**os.environ, **environment}).stdout
        return output[output.index(b'"record"'):]
    first = record(list(facts), "2026-11-23")
    for order in (list(facts), sorted(facts), sorted(facts, key=len)):
        for locale, zone in (("C", "UTC"), ("C.UTF-8", "Asia/Shanghai"), ("zh_CN.UTF-8", "Pacific/Apia")):
            assert record(order, "2026-11-23", LC_ALL=locale, TZ=zone, MALLOC_PERTURB_=str(len(zone))) == first
    assert record(list(facts), "2026-11-24") != first
    facts["adult"] = False
    assert record(list(facts), "2026-11-23") != first


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
