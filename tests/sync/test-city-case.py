#!/usr/bin/python3
"""A case at onestop-city: its row, its seal, its withdrawal, the feed of its hall."""
import hashlib
import json
import secrets

import city_kit
import open_case
import tap
from city_kit import now

city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")
case = None


@tap.test("a case: its row has clear metadata alone, its seal is tried when all has come, whichever came first")
def _():
    global case
    page = b"\xff\xd8 a page \xff\xd9" * 20000
    case = kiosk.case({"employer": "示例有限公司"}, [("id-front", page, "image/jpeg")])
    assert kiosk.send([case.line]).json["signed"]["refused"] == []
    assert city.rows("SELECT state, seal FROM case_file WHERE number=?", case.number) == [("submitted", "waiting")]
    for sealed in case.objects.values():
        kiosk.upload(sealed)
    assert city.rows("SELECT state, seal FROM case_file WHERE number=?", case.number) == [("submitted", "good")]
    first = kiosk.submit()
    assert city.rows("SELECT seal FROM case_file WHERE number=?", first.number) == [("good",)]
    with open(city.path("city.db"), "rb") as f, open(city.path("city.db-wal"), "rb") as w:
        stored = f.read() + w.read()
    assert case.number.encode() in stored
    for secret in ("王示例", "320505199002280013", "示例有限公司"):
        assert secret.encode() not in stored, "personal data in clear in the city's database"


@tap.test("code that shares nothing with the product opens the case with each of the three keys")
def _():
    with open(city.path("keys", "working.key"), "rb") as w, open(city.path("keys", "recovery.key"), "rb") as r:
        secrets_of = w.read(), r.read(), bytes(city.hall_keys["GS"])
    for secret in secrets_of:
        body, documents = open_case.open_case(case.line, secret, lambda n: open_case.read_object(city.path("objects"), n))
        assert body == case.body
        assert [d["slot"] for d in body["documents"]] == ["id-front"] and len(documents) == 1
    try:
        open_case.open_case(case.line, secrets.token_bytes(32), lambda n: open_case.read_object(city.path("objects"), n))
        assert False, "a stranger's key opened it"
    except open_case.Refused:
        pass


@tap.test("swapped wraps, another case's objects and a truncated body do not open, and say so")
def _():
    a, b = kiosk.case({"x": "a"}), kiosk.case({"x": "b"})
    line = json.loads(b.line)
    line["body"]["wraps"] = json.loads(a.line)["body"]["wraps"]
    kiosk.seq, kiosk.prev = kiosk.seq - 1, hashlib.sha256(a.line).hexdigest()
    swapped = kiosk.entry("case.submitted", b.case_id, line["objects"], line["body"])
    for sealed in (*a.objects.values(), *b.objects.values()):
        kiosk.upload(sealed)
    assert kiosk.send([a.line, swapped]).json["signed"]["refused"] == []
    for one, seal in ((a, "good"), (b, "damaged")):
        assert city.rows("SELECT seal FROM case_file WHERE number=?", one.number) == [(seal,)], seal
    assert city.rows("SELECT count(*) FROM alarm WHERE kind='seal-damaged'") == [(1,)]
    for wrong in ("object", "slot", "sha256", "count", "service"):
        made = kiosk.case({}, [("id-front", b"front", "image/jpeg"), ("id-back", b"back", "image/jpeg")])
        body = json.loads(json.dumps(made.body))
        first, second = body["documents"]
        if wrong == "object":
            first["object"], second["object"] = second["object"], first["object"]
        elif wrong == "slot":
            first["slot"] = "elsewhere"
        elif wrong == "sha256":
            first["sha256"] = second["sha256"]
        elif wrong == "count":
            body["documents"] = [first]
        else:
            body["service"] = "work-permit"
        plain = json.dumps(body).encode()
        sealed = city_kit.seal_object(made.key, made.case_id, "body", "", 0, plain)
        entry = json.loads(made.line)
        entry["objects"][0] = {"sha256": hashlib.sha256(sealed).hexdigest(), "size": len(sealed)}
        kiosk.seq, kiosk.prev = entry["seq"] - 1, entry["prev"]
        line = kiosk.entry("case.submitted", made.case_id, entry["objects"], entry["body"])
        for part_of in (sealed, *list(made.objects.values())[1:]):
            kiosk.upload(part_of)
        assert kiosk.send([line]).json["signed"]["refused"] == []
        assert city.rows("SELECT seal FROM case_file WHERE number=?", made.number) == [("damaged",)], wrong


@tap.test("a person withdraws once, from a device of the case's hall")
def _():
    made = kiosk.submit()
    stranger = city.fresh()
    refused_there = stranger.send([stranger.entry("case.withdrawn", made.case_id)]).json["signed"]["refused"]
    assert [r["reason"] for r in refused_there] == ["unknown-case"]
    assert city.rows("SELECT state FROM case_file WHERE number=?", made.number) == [("submitted",)]
    early = kiosk.case(number=made.number)
    kiosk.seq, kiosk.prev = kiosk.seq - 1, json.loads(early.line)["prev"]
    supplement = kiosk.entry("case.supplement", made.case_id, json.loads(made.line)["objects"], json.loads(made.line)["body"])
    twice = [supplement, kiosk.entry("case.withdrawn", made.case_id), kiosk.entry("case.withdrawn", made.case_id)]
    answer = kiosk.send(twice).json["signed"]
    assert [r["reason"] for r in answer["refused"]] == ["not-allowed", "not-allowed"]
    assert {r["seq"] for r in answer["refused"]} == {kiosk.seq, kiosk.seq - 2}
    assert city.rows("SELECT state FROM case_file WHERE number=?", made.number) == [("withdrawn",)]


@tap.test("the feed: cases and queue of the hall to all, envelopes to its desk, objects to its desk, waiting ends when something comes")
def _():
    desk = city.desks["GS"]
    kiosk.send([kiosk.entry("ticket.drawn", body={"number": "A001", "family": "A", "ticket_id": "00" * 12})])
    items = kiosk.feed().json["items"]
    kinds = {i["kind"] for i in items}
    assert kinds == {"keyset", "queue", "case"}, kinds
    mine = [i for i in items if i.get("number") == case.number]
    assert [(i["action"], i["state"]) for i in mine] == [("submit", "submitted")]
    envelopes = [i for i in desk.feed().json["items"] if i["kind"] == "envelope"]
    assert case.line.decode() in [i["entry"] for i in envelopes]
    name, sealed = next(iter(case.objects.items()))
    assert desk.ask("GET", "/v1/objects/" + name).body == sealed
    rest = desk.ask("GET", "/v1/objects/" + name, headers={"Range": "bytes=100-"})
    assert (rest.status, rest.body) == (206, sealed[100:])
    assert kiosk.ask("GET", "/v1/objects/" + name).problem == "wrong-role"
    stranger = city.enrol("desk", "CS")
    assert stranger.ask("GET", "/v1/objects/" + name).problem == "wrong-hall"
    assert {i["kind"] for i in stranger.feed().json["items"]} == {"keyset"}
    at = kiosk.feed().json["cursor"]
    connection = city.connect(kiosk.context)
    connection.request("GET", f"/v1/feed?cursor={at}&wait=30")
    desk.send([desk.entry("ticket.called", body={"number": "A001", "window": "2", "day": now(8 * 3600)[:10]})])
    woken = json.loads(connection.getresponse().read())["items"]
    connection.close()
    assert [(i["kind"], i["number"], i["state"], i["window"]) for i in woken] == [("queue", "A001", "called", "2")]
    assert kiosk.feed(woken[0]["cursor"]).json["items"] == []
    assert kiosk.feed("00000000-5").problem == "cursor-gone" and kiosk.feed("nonsense").status == 400


try:
    tap.main()
finally:
    city.stop()
    city.temporary.cleanup()
