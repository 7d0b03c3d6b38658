#!/usr/bin/python3
"""The shipped guide against its JSON Schema, by a validator that shares no code with ours."""
import copy
import glob
import hashlib
import json
import os

import jsonschema
import tap

ASSETS = os.environ["ONESTOP_SOURCE"] + "/assets/guide"


def load(name):
    with open(f"{ASSETS}/{name}", encoding="utf-8") as file:
        return json.load(file)


SCHEMA = load("guide.schema.json")
NAMES = sorted(os.path.basename(path) for path in glob.glob(ASSETS + "/3205*.json"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
COMPLETE = ["gusu-talent-card", "overseas-talent-certificate", "work-permit"]


def problems(guide):
    return [f"/{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in VALIDATOR.iter_errors(guide)]


def service(guide, name):
    return next(s for s in guide["services"] if s["id"] == name)


@tap.test("the schema is a schema")
def _():
    VALIDATOR.check_schema(SCHEMA)


@tap.test("every shipped guide is valid")
def _():
    assert NAMES[0] == "320500.json"
    for name in NAMES:
        found = problems(load(name))
        assert not found, found[:5]


@tap.test("what must not be there is refused")
def _():
    guide = load("320500.json")
    card = service(guide, COMPLETE[0])

    def spoilt(change):
        other = copy.deepcopy(guide)
        change(other, service(other, COMPLETE[0]))
        return problems(other)

    for change in [
            lambda g, s: s.pop("basis"),
            lambda g, s: s.pop("notice"),
            lambda g, s: s.pop("eligibility"),
            lambda g, s: s.update(surprise=1),
            lambda g, s: s.update(queue="AB"),
            lambda g, s: s["limits"].update(promised={"unit": "fortnight", "value": 1}),
            lambda g, s: s["limits"].update(promised={"unknown": True, "unit": "workday"}),
            lambda g, s: s["form"][1]["fields"][0].update(type="number"),
            lambda g, s: s["materials"][0].update(required="maybe"),
            lambda g, s: s["eligibility"].update(any=[]),
            lambda g, s: s["examples"].pop() and s["examples"].pop() and s["examples"].pop(),
            lambda g, s: g["notices"][0].pop("rights"),
            lambda g, s: g["consents"][0].pop("required"),
            lambda g, s: g["doc"].update(version=0),
            lambda g, s: g["departments"][0]["name"].pop("zh-CN")]:
        assert spoilt(change), "not refused"
    assert not problems(guide) and card


def texts(value, path=""):
    if isinstance(value, dict):
        if "zh-CN" in value:
            yield path, value
            return
        for key, member in value.items():
            yield from texts(member, f"{path}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from texts(member, f"{path}/{index}")


@tap.test("every text speaks Chinese and English")
def _():
    for path, text in (found for name in NAMES for found in texts(load(name))):
        assert text.get("zh-CN", "").strip() and text.get("en", "").strip(), path
        # No exclamation marks, and no Latin full stops in Chinese sentences.
        assert "!" not in text["en"] and "！" not in text["zh-CN"], path


def covered(pointers, pointer):
    return any(pointer == p or pointer.startswith(p + "/") for p in pointers)


@tap.test("every fact of a service has its source or is marked unconfirmed")
def _():
    guide = load("320500.json")
    known = {s["id"] for s in guide["catalog"]["sources"]}
    for one in guide["services"]:
        marked = list(one.get("unconfirmed", []))
        for source in one.get("sources", []):
            assert source["source"] in known, source
            marked += source["of"]
        facts = ["/basis/0", "/eligibility"]
        for key in ["authority", "steps", "fees", "results", "channels", "contacts", "quota", "excludes",
                    "not_accepted", "formal_application", "rights", "remedies", "complaints", "faq", "requires", "aliases"]:
            if isinstance(one.get(key), list):
                facts += [f"/{key}/{i}" for i in range(len(one[key]))]
            elif key in one:
                facts.append(f"/{key}")
        facts += [f"/limits/{kind}" for kind in one["limits"]]
        facts += [f"/materials/{i}" for i in range(len(one.get("materials", [])))]
        for fact in facts:
            touched = covered(marked, fact) or any(m.startswith(fact + "/") for m in marked)
            assert touched, f"{one['id']}{fact} has neither a source nor a mark"


@tap.test("every service carries what a service guide must")
def _():
    guide = load("320500.json")
    for one in guide["services"]:
        for key in ["summary", "item_type", "basis", "applicants", "intake_mode", "queue", "eligibility", "steps", "limits",
                    "channels", "results", "contacts", "complaints", "rights", "remedies", "faq", "examples"]:
            assert one.get(key), f"{one['id']} has no {key}"
        assert {"statutory", "promised"} <= set(one["limits"]), one["id"]
        assert len({example["outcome"] for example in one["examples"]}) >= 2, one["id"]
        # What is not taken in here says where to go instead.
        assert "form" in one or "formal_application" in one, one["id"]
        assert ("kiosk" in {channel["type"] for channel in one["channels"]}) == ("form" in one), one["id"]


@tap.test("no telephone number, no person's name is invented")
def _():
    guide = load("320500.json")
    for one in guide["services"] + guide["departments"]:
        for contact in one.get("contacts", []) + one.get("specialists", []):
            assert "tel" not in contact and "name" not in contact, one["id"]


@tap.test("every supplement is bound to the city's bytes")
def _():
    with open(ASSETS + "/320500.json", "rb") as file:
        city = hashlib.sha256(file.read()).hexdigest()
    for name in NAMES[1:]:
        assert load(name)["doc"]["base"]["sha256"] == city, f"{name} is bound to another city document"


@tap.test("the old name of the national programme stands in the policy's words only")
def _():
    guide = load("320500.json")
    for path, text in texts(guide):
        if "千人计划" in text["zh-CN"]:
            assert path in ("/catalog/facts/1/options/0/label", "/services/5/aliases/0/name"), path


tap.main()
