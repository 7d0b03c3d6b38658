#!/usr/bin/python3
"""onestop-city, spoken to by a Python device over real TLS: enrolment, certificates, batches, objects, feed, backups."""
import hashlib
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys

import nacl.signing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
import datetime

import city_kit
import tap
from city_kit import b64, canonical, compact, now, uuid7

city = city_kit.City()
city.start()
HALLS = iter(f"{a}{b}" for a in "HJKM" for b in "23456789")


def fresh():
    """A kiosk in a hall of its own."""
    return city.enrol("kiosk", next(HALLS))


def key_of(device):
    import base64
    return nacl.signing.VerifyKey(base64.b64decode(device.enrolled["keyset_key"]))


def check_signed(device, document, kind):
    import base64
    assert document["signed"]["type"] == kind
    key_of(device).verify(f"onestop-{kind}-1\n".encode() + canonical(document["signed"]).encode(),
                          base64.b64decode(document["signature"]))
    return document["signed"]


def log_rows():
    return city.rows("SELECT count(*) FROM device_log")[0][0]


@tap.test("anyone may ask for health and the CA, whose public key is the code's second half")
def _():
    assert city.ask("GET", "/healthz").body == b"ok\n"
    code = city.code()
    import base64
    pem = x509.load_pem_x509_certificate(city.ask("GET", "/v1/ca").body)
    spki = pem.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert base64.b32encode(hashlib.sha256(spki).digest()[:16]).decode().rstrip("=") == code[26:]


@tap.test("a device enrols once: the same request is answered again, any other is refused in the same words")
def _():
    code = city.code()
    device = city_kit.Device(city)
    request = device.enrol_request(code)
    first = city.ask("POST", "/v1/enrol", compact(request))
    again = city.ask("POST", "/v1/enrol", compact(request))
    assert (first.status, again.status) == (201, 201) and first.body == again.body
    device.take(first.json)
    assert device.enrolled["ticket_block"]["from"] >= 1 and len(device.enrolled["case_code"]) == 1
    check_signed(device, device.enrolled["keyset"], "keyset")
    other = city_kit.Device(city).enrol(code)
    unknown = city_kit.Device(city).enrol("A" * 26 + code[26:])
    late = city.code()
    city.stop()
    db = sqlite3.connect(city.path("city.db"))
    db.execute("UPDATE enrol_code SET expires_at=1 WHERE request_hash IS NULL")
    db.commit()
    db.close()
    city.start()
    assert {a.status for a in (other, unknown)} == {403} and other.body == unknown.body
    assert city_kit.Device(city).enrol(late).body == other.body
    forged = city_kit.Device(city).enrol_request(city.code())
    forged["proof"] = b64(bytes(64))
    assert city.ask("POST", "/v1/enrol", compact(forged)).problem == "bad-signature"


kiosk = None


@tap.test("time, key set and watermarks are signed; kiosk 2 has another block and case code than kiosk 1")
def _():
    global kiosk
    kiosk = city.enrol("kiosk")
    second = city.enrol("kiosk")
    assert kiosk.enrolled["ticket_block"]["to"] < second.enrolled["ticket_block"]["from"]
    assert kiosk.enrolled["case_code"] != second.enrolled["case_code"]
    signed = check_signed(kiosk, kiosk.ask("GET", "/v1/time").json, "time")
    assert signed["epoch"] == kiosk.enrolled["epoch"]
    keyset = check_signed(kiosk, kiosk.keyset(), "keyset")
    assert {r["role"] for r in keyset["recipients"]} == {"working", "hall", "recovery"}
    assert any(k["device"] == kiosk.name for k in keyset["ticket_keys"])
    tag = kiosk.ask("GET", "/v1/keyset").headers["ETag"]
    assert kiosk.ask("GET", "/v1/keyset", headers={"If-None-Match": tag}).status == 304
    state = check_signed(kiosk, kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json, "ack")
    assert (state["received"], state["safe"], state["head"]) == (0, 0, "0" * 64)


def forge(ca_key=None, ca=None, uri="urn:onestop:GS:kiosk:GS-K1", days=30, past=False, serial=None):
    """A certificate as the city would issue it, by whatever CA, with a serial that was issued: for trying what is refused."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime.datetime.utcnow() - datetime.timedelta(days=60 if past else 1)
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OneStop city")])
    made = (x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, uri.rsplit(":", 1)[1])]))
            .issuer_name(ca.subject if ca else name).public_key(key.public_key()).serial_number(serial or x509.random_serial_number())
            .not_valid_before(start).not_valid_after(start + datetime.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)]), False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
            .add_extension(x509.BasicConstraints(False, None), True)
            .add_extension(x509.KeyUsage(True, *[False] * 8), True)
            .sign(ca_key or own, hashes.SHA256()))
    device = city_kit.Device(city)
    device.tls_key = key
    device.name, device.role, device.hall = "GS-K1", "kiosk", "GS"
    device.context = device.make_context(made.public_bytes(serialization.Encoding.PEM).decode())
    return device


def refused(device):
    """The status and word with which each kind of request is refused."""
    line = device.entry("heartbeat")
    answers = [device.send([line]), device.feed(), device.ask("GET", "/v1/keyset"),
               device.ask("POST", "/v1/uploads?sha256=" + "a" * 64, b"x", {"Upload-Complete": "?1"}),
               device.ask("HEAD", "/v1/objects/" + "a" * 64)]
    return {a.status for a in answers}, answers[0].problem


@tap.test("certificates: none, other CA, expired, revoked, right CA but wrong role or hall: each refused by us, no row written")
def _():
    with open(city.path("keys", "ca.key"), "rb") as f:
        ca_key = serialization.load_pem_private_key(f.read(), None)
    with open(city.path("keys", "ca.crt"), "rb") as f:
        ca = x509.load_pem_x509_certificate(f.read())
    gone = fresh()
    before = log_rows(), city.rows("SELECT count(*) FROM upload")
    nobody = city_kit.Device(city)
    nobody.name, nobody.context = "GS-K1", city.context()
    assert refused(nobody) == ({401}, "certificate-required")
    issued = x509.load_pem_x509_certificate(kiosk.enrolled["certificate"].encode()).serial_number
    own = f"urn:onestop:GS:kiosk:{kiosk.name}"
    assert forge(ca_key, ca, own, serial=issued).feed().status == 200, "what follows is refused for its own reason"
    tries = [(forge(uri=own, serial=issued), "another CA", "not issued by this city"),
             (forge(ca_key, ca, own, past=True, serial=issued), "expired", "expired"),
             (forge(ca_key, ca, f"urn:onestop:GS:desk:{kiosk.name}", serial=issued), "role", "not the registered"),
             (forge(ca_key, ca, own.replace("GS:kiosk", "CS:kiosk"), serial=issued), "hall", "not the registered"),
             (forge(ca_key, ca, own), "never issued", "not the registered")]
    for device, what, reason in tries:
        seen = len(city.read_log())
        assert refused(device) == ({403}, "certificate-refused"), what
        assert reason in city.read_log()[seen:], (what, city.read_log()[seen:])
    assert gone.feed().status == 200
    city.run("device", "revoke", gone.name)
    assert refused(gone) == ({403}, "certificate-refused"), "revoked"
    assert (log_rows(), city.rows("SELECT count(*) FROM upload")) == before
    revoked = [k for k in kiosk.keyset()["signed"]["ticket_keys"] if k["device"] == gone.name]
    assert "revoked" in revoked[0]


@tap.test("a batch is on disk before it is answered; sent again it is answered the same")
def _():
    lines = [kiosk.entry("heartbeat"), kiosk.entry("ticket.drawn", body={"number": "A001", "family": "A", "ticket_id": "00" * 12})]
    first = check_signed(kiosk, kiosk.send(lines).json, "ack")
    again = check_signed(kiosk, kiosk.send(lines).json, "ack")
    plain = check_signed(kiosk, kiosk.send(lines, compress=False).json, "ack")
    for answer in (first, again, plain):
        assert (answer["received"], answer["head"], answer["refused"]) == (2, kiosk.prev, [])
    stored = city.rows("SELECT bytes FROM device_log l JOIN chain c USING (chain) WHERE device=? ORDER BY seq", kiosk.name)
    assert [bytes(r[0]) for r in stored] == lines


@tap.test("a gap, a bad signature, lines that do not follow and a torn frame store nothing")
def _():
    before = log_rows()
    seq, prev = kiosk.seq, kiosk.prev
    lines = [kiosk.entry("heartbeat") for _ in range(3)]
    gap = kiosk.send(lines[1:])
    assert (gap.status, gap.problem, gap.json["received"], gap.json["head"]) == (409, "sequence-gap", seq, prev)
    assert kiosk.send(lines, signature=b64(bytes(64))).problem == "bad-signature"
    assert kiosk.send(lines, signature="not base64").problem == "bad-signature"
    assert kiosk.send(lines, seq=seq).problem == "bad-signature"
    assert kiosk.send([lines[0], lines[2]]).problem == "broken-chain"
    packed = city_kit.zstd(b"".join(line + b"\n" for line in lines))
    for body in (packed[:-3], packed + b"x", b"", b"\x28\xb5\x2f\xfd" + b"\xff" * 50):
        answer = kiosk.ask("POST", "/v1/entries", body, {"Content-Encoding": "zstd", "Onestop-Signature": kiosk.signature(lines)})
        assert answer.status == 400, (answer.status, answer.body)
    assert log_rows() == before
    assert kiosk.send(lines).json["signed"]["received"] == seq + 3


@tap.test("oversize: a batch over 1 MiB is 413, also when it is small while compressed; nothing is stored")
def _():
    before = log_rows()
    seq, prev = kiosk.seq, kiosk.prev
    lines = [kiosk.entry("audit", body={"text": "x" * 60000}) for _ in range(20)]
    assert kiosk.send(lines).status == 413
    assert kiosk.send(lines, compress=False).status == 413
    assert log_rows() == before
    kiosk.seq, kiosk.prev = seq, prev


@tap.test("one bad entry stops nothing but itself: it is kept, refused with its reason, also when asked again")
def _():
    good = kiosk.case()
    lines = [good.line, kiosk.raw_line(b'{"this is": no entry'), kiosk.entry("case.submitted", uuid7(), body={"number": "nonsense"}),
             kiosk.case(number=good.number).line, kiosk.raw_line(b"y" * 70000), kiosk.entry("case.withdrawn", uuid7()),
             kiosk.entry("ticket.drawn", body={"number": "A002", "family": "A"})]
    first = kiosk.seq - len(lines) + 1
    answer = check_signed(kiosk, kiosk.send(lines).json, "ack")
    assert answer["received"] == kiosk.seq
    reasons = {r["seq"] - first: r["reason"] for r in answer["refused"]}
    assert reasons == {1: "unreadable", 2: "bad-body", 3: "number-taken", 4: "too-large", 5: "unknown-case"}, reasons
    assert check_signed(kiosk, kiosk.send(lines).json, "ack")["refused"] == answer["refused"]
    assert len(kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json["signed"]["refused"]) == 5
    only = kiosk.raw_line(b"alone and unreadable")
    for _ in range(2):
        assert kiosk.send([only]).json["signed"]["received"] == kiosk.seq
    assert city.rows("SELECT count(*) FROM case_file WHERE number=?", good.number) == [(1,)]


@tap.test("an old image put back is a fork: set aside with an alarm, the device waits for staff")
def _():
    device = fresh()
    device.send([device.entry("heartbeat")])
    seq, prev = device.seq, device.prev
    assert device.send([device.entry("audit", body={"n": 1})]).status == 200
    device.seq, device.prev = seq, prev
    forked = device.entry("audit", body={"n": 2})
    answer = device.send([forked])
    assert (answer.status, answer.problem, answer.json["seq"]) == (409, "fork", 2)
    assert device.send([device.entry("heartbeat")]).problem == "quarantined"
    assert device.feed().status == 200
    assert city.rows("SELECT bytes FROM quarantine WHERE device=?", device.name) == [(forked + b"\n",)]
    assert city.rows("SELECT kind FROM alarm WHERE device=?", device.name) == [("fork",)]
    assert b'"n":1' in city.rows("SELECT bytes FROM device_log l JOIN chain c USING (chain) WHERE device=? AND seq=2", device.name)[0][0]
    torn = fresh()
    torn.send([torn.entry("heartbeat")])
    torn.prev = "ab" * 32
    before = log_rows()
    assert torn.send([torn.entry("heartbeat")]).problem == "fork", "it does not follow what the city has"
    assert log_rows() == before
    other = fresh()
    other.incarnation = uuid7()
    assert other.send([other.entry("heartbeat")]).problem == "fork"


def start_upload(device, data, complete="?0", body=b"", name=None):
    return device.ask("POST", "/v1/uploads?sha256=" + (name or hashlib.sha256(data).hexdigest()), body,
                      {"Upload-Length": str(len(data)), "Upload-Complete": complete})


def part(device, where, data, offset, complete="?0", **more):
    return device.ask("PATCH", where, data, {"Content-Type": "application/partial-upload", "Upload-Offset": str(offset),
                                             "Upload-Complete": complete, **more})


@tap.test("an upload that breaks goes on where it was; the object is there only when it is whole and right")
def _():
    data = secrets.token_bytes(3 * 1024 * 1024 + 17)
    name = hashlib.sha256(data).hexdigest()
    made = start_upload(kiosk, data)
    where = made.headers["Location"]
    assert (made.status, made.headers["Upload-Offset"]) == (201, "0") and "max-size=" in made.headers["Upload-Limit"]
    assert part(kiosk, where, data[:1 << 20], 0).headers["Upload-Offset"] == str(1 << 20)
    raw = kiosk.context.wrap_socket(socket.create_connection(("127.0.0.1", city.port)), server_hostname="127.0.0.1")
    raw.sendall((f"PATCH {where} HTTP/1.1\r\nHost: x\r\nContent-Type: application/partial-upload\r\nUpload-Offset: {1 << 20}\r\n"
                 f"Upload-Complete: ?1\r\nContent-Length: {len(data) - (1 << 20)}\r\n\r\n").encode() + data[1 << 20:(1 << 20) + 300000])
    city_kit.eventually(lambda: os.path.getsize(city.path("uploads", where.rsplit("/", 1)[1])) > 1 << 20)
    raw.close()
    head = kiosk.ask("HEAD", where)
    offset = int(head.headers["Upload-Offset"])
    assert head.status == 204 and head.headers["Upload-Complete"] == "?0" and head.headers["Upload-Length"] == str(len(data))
    assert 1 << 20 < offset <= (1 << 20) + 300000
    assert kiosk.ask("HEAD", "/v1/objects/" + name).status == 404
    wrong = part(kiosk, where, b"z", offset + 1)
    assert (wrong.status, wrong.problem, wrong.json["expected-offset"]) == (409, "mismatching-upload-offset", offset)
    done = part(kiosk, where, data[offset:], offset, "?1")
    assert (done.status, done.headers["Upload-Complete"]) == (204, "?1")
    assert kiosk.ask("HEAD", "/v1/objects/" + name).status == 200
    with open(city.path("objects", name[:2], name), "rb") as f:
        assert f.read() == data
    assert part(kiosk, where, b"z", len(data)).problem == "completed-upload"
    assert start_upload(kiosk, data).status == 200


@tap.test("an upload in one go, another device's, wrong bytes, wrong lengths, a part's digest, giving up")
def _():
    data = secrets.token_bytes(5000)
    assert start_upload(kiosk, data, "?1", data).status == 201
    assert kiosk.ask("HEAD", "/v1/objects/" + hashlib.sha256(data).hexdigest()).status == 200
    other = secrets.token_bytes(5000)
    lie = start_upload(kiosk, other, "?1", data)
    assert (lie.status, lie.problem) == (422, "digest-mismatch")
    assert kiosk.ask("HEAD", lie.headers["Location"]).status == 404
    where = start_upload(kiosk, other).headers["Location"]
    assert part(city.desks["GS"], where, other, 0, "?1").status == 404
    assert part(kiosk, where, other + b"more", 0, "?1").problem == "inconsistent-upload-length"
    where = start_upload(kiosk, other).headers["Location"]
    assert part(kiosk, where, other + b"more", 0, "?0").problem == "inconsistent-upload-length"
    assert int(kiosk.ask("HEAD", where).headers["Upload-Offset"]) <= len(other)
    where = start_upload(kiosk, other).headers["Location"]
    assert part(kiosk, where, other[:100], 0, "?1").problem == "inconsistent-upload-length"
    digest = {"Content-Digest": "sha-256=:" + b64(hashlib.sha256(other[:1000]).digest()) + ":"}
    where = start_upload(kiosk, other).headers["Location"]
    assert part(kiosk, where, other[:1000], 0, **digest).status == 204
    assert part(kiosk, where, other[1000:2000], 1000, **digest).problem == "digest-mismatch"
    assert kiosk.ask("HEAD", where).headers["Upload-Offset"] == "1000"
    assert kiosk.ask("PATCH", where, b"x", {"Upload-Offset": "1000", "Upload-Complete": "?0"}).status == 415
    assert kiosk.ask("DELETE", where).status == 204 and kiosk.ask("HEAD", where).status == 404
    assert kiosk.ask("POST", "/v1/uploads?sha256=../../etc", b"", {"Upload-Complete": "?0"}).status == 400
    big = kiosk.ask("POST", "/v1/uploads?sha256=" + "a" * 64, b"", {"Upload-Complete": "?0", "Upload-Length": str(25 << 20)})
    assert big.status == 413


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
    import open_case
    import base64
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


@tap.test("a key set is issued anew at half its life")
def _():
    before = kiosk.keyset()["signed"]["version"]
    city.stop()
    city.start({"ONESTOP_CLOCK_OFFSET": str(40 * 86400)})
    city.stop()
    city.start()
    assert kiosk.keyset()["signed"]["version"] == before
    city.stop()
    city.start({"ONESTOP_CLOCK_OFFSET": str(46 * 86400)})
    city.stop()
    city.start()
    assert kiosk.keyset()["signed"]["version"] == before + 1


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
    stranger = fresh()
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


@tap.test("safe follows a finished backup, and stops before an entry whose objects are not there")
def _():
    def safe():
        return kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json["signed"]["safe"]
    assert safe() == 0
    city.run("backup")
    assert 0 < safe() < kiosk.seq, "the case without objects holds it"
    late = fresh()
    done = late.submit()
    lacking = late.case()
    late.send([lacking.line])
    city.run("backup")
    state = "/v1/entries?incarnation=" + late.incarnation
    assert late.ask("GET", state).json["signed"]["safe"] == 1
    for sealed in lacking.objects.values():
        late.upload(sealed)
    city.run("backup")
    assert late.ask("GET", state).json["signed"]["safe"] == 2
    assert done.number != lacking.number
    assert "good:" in city.run("check").stdout


@tap.test("restored: another epoch, what came later is sent again, and nothing is there twice")
def _():
    device = fresh()
    kept = device.submit()
    backup = city.run("backup").stdout.strip()
    later = device.submit()
    state = "/v1/entries?incarnation=" + device.incarnation
    before = device.ask("GET", state).json["signed"]
    cursor, version = device.feed().json["cursor"], device.keyset()["signed"]["version"]
    assert city.run("restore", backup, check=False).returncode == 3, "not under a running server"
    city.stop()
    city.run("restore", backup)
    city.start()
    after = device.ask("GET", state).json["signed"]
    assert after["epoch"] != before["epoch"] and (after["received"], after["safe"]) == (1, 1)
    assert device.feed(cursor).problem == "cursor-gone"
    assert device.keyset()["signed"]["version"] > version + 100, "beyond every key set that a device may have seen"
    answer = device.send([kept.line, later.line])
    assert answer.json["signed"]["received"] == 2 and answer.json["signed"]["refused"] == []
    for sealed in later.objects.values():
        device.upload(sealed)
    assert city.rows("SELECT count(*), min(seal) FROM case_file WHERE number IN (?,?)", kept.number, later.number) == [(2, "good")]
    assert "good:" in city.run("check").stdout


@tap.test("killed before the commit nothing was taken; after it, all, once; an upload killed before its rename goes on")
def _():
    device = fresh()
    for point, count in (("city.before-commit", 0), ("city.after-commit", 1)):
        city.stop()
        city.start({"ONESTOP_FAULT": point + "=kill"})
        sent = device.case()
        try:
            device.send([sent.line])
            assert False, "there was an answer"
        except (ConnectionError, OSError, EOFError, __import__("http").client.HTTPException):
            pass
        assert city.wait_dead() == -9
        city.start()
        assert city.rows("SELECT count(*) FROM case_file WHERE number=?", sent.number) == [(count,)]
        assert device.send([sent.line]).json["signed"]["received"] == device.seq
        assert city.rows("SELECT count(*) FROM case_file WHERE number=?", sent.number) == [(1,)]
    for point, kept in (("city.object-before-rename", True), ("city.object-after-rename", False)):
        data = secrets.token_bytes(100000)
        where = start_upload(device, data).headers["Location"]
        city.stop()
        city.start({"ONESTOP_FAULT": point + "=kill"})
        try:
            part(device, where, data, 0, "?1")
        except (ConnectionError, OSError, EOFError, __import__("http").client.HTTPException):
            pass
        city.wait_dead()
        city.start()
        name = hashlib.sha256(data).hexdigest()
        assert device.ask("HEAD", "/v1/objects/" + name).status == 404
        offset = int(device.ask("HEAD", where).headers["Upload-Offset"])
        assert offset == (len(data) if kept else 0)
        assert part(device, where, data[offset:], offset, "?1").status == 204
        assert device.ask("HEAD", "/v1/objects/" + name).status == 200
        assert device.ask("GET", "/v1/feed").status == 200


@tap.test("a backup that was killed is none; a changed backup is refused; damage is found by check")
def _():
    killed = city.run("backup", check=False, environment={"ONESTOP_FAULT": "city.backup-before-manifest=kill"})
    assert killed.returncode != 0
    folder = max(f for f in os.listdir(city.path("backup")) if f.startswith("backup-"))
    assert not os.path.exists(city.path("backup", folder, "manifest.json"))
    city.stop()
    assert city.run("restore", city.path("backup", folder), check=False).returncode in (3, 4)
    good = city.run("backup").stdout.strip()
    with open(os.path.join(good, "city.db"), "r+b") as f:
        f.seek(5000)
        f.write(b"\x00\x01\x02")
    assert city.run("restore", good, check=False).returncode == 4
    db = sqlite3.connect(city.path("city.db"))
    db.execute("UPDATE event SET at=at+1 WHERE rowid=(SELECT min(rowid) FROM event)")
    db.commit()
    assert city.run("check", check=False).returncode == 1
    db.execute("UPDATE event SET at=at-1 WHERE rowid=(SELECT min(rowid) FROM event)")
    db.execute("UPDATE device_log SET bytes=replace(bytes,'audit','audio') WHERE rowid=(SELECT rowid FROM device_log WHERE instr(bytes,'audit') LIMIT 1)")
    db.commit()
    assert city.run("check", check=False).returncode == 1
    db.close()


@tap.test("commands: strangers and what is not built say so; an unknown key names its line")
def _():
    assert subprocess.run([city_kit.PROGRAM, "--version"], stdout=subprocess.PIPE).stdout.startswith(b"onestop-city ")
    assert city.run("nonsense", check=False).returncode == 2
    assert city.run("bulletin", check=False).returncode == 3
    assert city.run("init", city.directory, check=False).returncode == 3
    assert city.run("user", "add", "x", "--role", "centre", check=False, stdin="short\n").returncode == 4
    with open(city.config, "a", encoding="utf-8") as f:
        f.write("colour=blue\n")
    done = city.run("check", check=False)
    assert done.returncode == 4 and "line 9" in done.stderr and "colour" in done.stderr, done.stderr


try:
    tap.main()
finally:
    city.stop()
    city.temporary.cleanup()
