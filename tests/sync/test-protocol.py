#!/usr/bin/python3
"""The examples of sync/PROTOCOL.md are vectors: they stand in tests/data/protocol too, and are made again here
from fixed keys by code that shares nothing with the product (python3-nacl).

`test-protocol.py --write` writes the files and the document's examples anew, after the format was changed.
"""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys

import nacl.signing

source = os.environ.get("ONESTOP_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(source, "tests", "kit"))
import tap  # noqa: E402

DATA = os.path.join(source, "tests", "data", "protocol")
DOCUMENT = os.path.join(source, "sync", "PROTOCOL.md")

DEVICE_SEED = bytes(range(32))
KEYSET_SEED = bytes(range(100, 132))
CA_SPKI = hashlib.sha256(b"an example of a public key, in DER").digest()
INCARNATION = "019a0b5c-7a00-7c3e-8000-000000000001"
CASE = "019a0b5c-9c40-7d11-8000-000000000002"
EPOCH = "019a0b00-0000-7aaa-8000-000000000003"


def b64(raw):
    return base64.b64encode(raw).decode()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sign(seed, prefix, data):
    return b64(nacl.signing.SigningKey(seed).sign(prefix.encode() + data).signature)


def signed(kind, members):
    body = {"type": kind, **members}
    return {"signed": body, "signature": sign(KEYSET_SEED, f"onestop-{kind}-1\n", canonical(body).encode())}


def public(seed):
    return b64(bytes(nacl.signing.SigningKey(seed).verify_key))


def kid(seed):
    return hashlib.blake2b(bytes(nacl.signing.SigningKey(seed).verify_key), digest_size=8).hexdigest()


def make_code():
    secret = base64.b32encode(bytes(range(16))).decode().rstrip("=")
    pin = base64.b32encode(CA_SPKI[:16]).decode().rstrip("=")
    return {"secret": secret, "ca_spki_sha256": CA_SPKI.hex(), "pin": pin, "code": secret + pin}


def make_enrol():
    csr = "-----BEGIN CERTIFICATE REQUEST-----\nMIG...\n-----END CERTIFICATE REQUEST-----\n"
    secret = make_code()["secret"]
    text = f"onestop-enrol-1\n{secret}\n{hashlib.sha256(csr.encode()).hexdigest()}\n{INCARNATION}"
    request = {"secret": secret, "csr": csr, "device_key": public(DEVICE_SEED), "incarnation": INCARNATION,
               "proof": sign(DEVICE_SEED, "", text.encode())}
    answer = {"device": "GS-K1", "hall": "GS", "role": "kiosk", "case_code": "A", "ticket_block": {"from": 1, "to": 199},
              "certificate": "-----BEGIN CERTIFICATE-----\nMIB...\n-----END CERTIFICATE-----\n",
              "ca": "-----BEGIN CERTIFICATE-----\nMIC...\n-----END CERTIFICATE-----\n",
              "keyset_key": public(KEYSET_SEED), "keyset": make_keyset()["keyset"], "epoch": EPOCH,
              "server_time": "2026-11-23T01:02:03.000Z"}
    return {"device_seed": DEVICE_SEED.hex(), "proof_text": text, "request": request, "answer": answer}


def make_keyset():
    return {"keyset_seed": KEYSET_SEED.hex(), "keyset": signed("keyset", {
        "version": 3, "issued": "2026-11-23T01:00:00.000Z", "expires": "2027-02-21T01:00:00.000Z",
        "recipients": [
            {"kid": hashlib.blake2b(b"w" * 32, digest_size=8).hexdigest(), "role": "working", "key": b64(b"w" * 32)},
            {"kid": hashlib.blake2b(b"h" * 32, digest_size=8).hexdigest(), "role": "hall", "hall": "GS", "key": b64(b"h" * 32)},
            {"kid": hashlib.blake2b(b"r" * 32, digest_size=8).hexdigest(), "role": "recovery", "key": b64(b"r" * 32)}],
        "ticket_keys": [{"kid": kid(DEVICE_SEED), "device": "GS-K1", "hall": "GS", "key": public(DEVICE_SEED),
                         "from": "2026-11-23T01:00:00.000Z", "to": "2027-11-23T01:00:00.000Z"}]})}


def make_batch():
    def entry(seq, prev, at, kind, case_id, objects, body):
        value = {"device": "GS-K1", "incarnation": INCARNATION, "seq": seq, "prev": prev, "at": at, "kind": kind}
        if case_id:
            value["case_id"] = case_id
        return compact({**value, "objects": objects, "body": body})

    wraps = [{"kid": r["kid"], "wrap": b64(bytes([n]) * 80)}
             for n, r in enumerate(make_keyset()["keyset"]["signed"]["recipients"], 1)]
    lines, prev = [], "0" * 64
    for at, kind, case_id, objects, body in (
            ("2026-11-23T01:05:00.000Z", "ticket.drawn", None, [],
             {"number": "A012", "family": "A", "ticket_id": "000102030405060708090a0b"}),
            ("2026-11-23T01:10:00.000Z", "case.submitted", CASE,
             [{"sha256": hashlib.sha256(b"sealed body").hexdigest(), "size": 2133},
              {"sha256": hashlib.sha256(b"sealed page").hexdigest(), "size": 327758}],
             {"number": "GSA-222223-D", "service": "gusu-talent-card", "guide": hashlib.sha256(b"guide").hexdigest(),
              "hall": "GS", "suite": 1, "wraps": wraps})):
        lines.append(entry(len(lines) + 1, prev, at, kind, case_id, objects, body))
        prev = hashlib.sha256(lines[-1].encode()).hexdigest()
    head = f"GS-K1\n{INCARNATION}\n{len(lines)}\n{prev}"
    return {"device_seed": DEVICE_SEED.hex(), "lines": lines,
            "hashes": [hashlib.sha256(line.encode()).hexdigest() for line in lines],
            "head_text": "onestop-batch-1\n" + head, "signature": sign(DEVICE_SEED, "onestop-batch-1\n", head.encode()),
            "answer": signed("ack", {
                "device": "GS-K1", "incarnation": INCARNATION, "received": 2, "head": prev, "safe": 0, "epoch": EPOCH,
                "refused": [{"seq": 1, "reason": "number-taken"}], "server_time": "2026-11-23T01:10:01.000Z"})}


def make_feed():
    entry = make_batch()["lines"][1]
    return {"feed": {
        "items": [
            {"cursor": "9a0b0000-17", "kind": "keyset", "version": 3},
            {"cursor": "9a0b0000-18", "kind": "queue", "number": "A012", "family": "A", "day": "2026-11-23",
             "state": "called", "window": "2", "at": "2026-11-23T01:20:00.000Z"},
            {"cursor": "9a0b0000-19", "kind": "case", "number": "GSA-222223-D", "service": "gusu-talent-card",
             "action": "submit", "state": "submitted", "at": "2026-11-23T01:10:00.000Z",
             "actor": {"role": "talent"}, "limit": {"n": 10, "unit": "workday"},
             "due": None, "due_provisional": False},
            {"cursor": "9a0b0000-20", "kind": "envelope", "device": "GS-K1", "entry": entry},
            {"cursor": "9a0b0000-21", "kind": "case", "number": "GSA-222223-D", "service": "gusu-talent-card",
             "action": "receive", "state": "received", "at": "2026-11-23T02:00:00.000Z",
             "actor": {"role": "centre"}, "limit": {"n": 10, "unit": "workday"}, "due": "2026-12-07", "due_provisional": False},
            {"cursor": "9a0b0000-22", "kind": "case", "number": "GSA-222223-D", "service": "gusu-talent-card",
             "action": "accept", "state": "accepted", "at": "2026-11-23T03:00:00.000Z",
             "actor": {"role": "department", "department": "hr-bureau"}, "limit": {"n": 10, "unit": "workday"}, "due": "2026-12-07",
             "due_provisional": False}],
        "cursor": "9a0b0000-22", "more": False, "epoch": EPOCH, "server_time": "2026-11-23T02:00:01.000Z"}}


def make_time():
    return {"time": signed("time", {"epoch": EPOCH, "server_time": "2026-11-23T01:02:03.000Z"})}


def make_problems():
    u = "urn:onestop:problem:"
    iana = "https://iana.org/assignments/http-problem-types#"
    return {
        "sequence-gap": {"type": u + "sequence-gap", "title": "Entries are missing before this one", "status": 409,
                         "received": 41, "head": hashlib.sha256(b"head").hexdigest()},
        "fork": {"type": u + "fork", "title": "This log differs from what was received before", "status": 409, "seq": 7},
        "bad-signature": {"type": u + "bad-signature", "title": "The head's signature does not verify", "status": 403},
        "mismatching-upload-offset": {"type": iana + "mismatching-upload-offset", "title": "The offset is another one",
                                      "status": 409, "expected-offset": 65536, "provided-offset": 131072},
        "digest-mismatch": {"type": u + "digest-mismatch", "title": "The bytes do not have this SHA-256", "status": 422}}


FILES = {"code": make_code, "enrol": make_enrol, "keyset": make_keyset, "batch": make_batch, "feed": make_feed,
         "time": make_time, "problems": make_problems}
EXAMPLE = re.compile(r"<!-- vector (\w+)((?:/[\w-]+)*) -->\n```(\w+)\n(.*?)```\n", re.S)


def find(value, path):
    for part in path.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def shown(value):
    if isinstance(value, str):
        return value if value.endswith("\n") else value + "\n"
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "".join(v + "\n" for v in value)
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def load(name):
    with open(os.path.join(DATA, name + ".json"), encoding="utf-8") as f:
        return json.load(f)


def document():
    with open(DOCUMENT, encoding="utf-8") as f:
        return f.read()


if "--write" in sys.argv:
    for name, make in FILES.items():
        with open(os.path.join(DATA, name + ".json"), "w", encoding="utf-8") as f:
            f.write(json.dumps(make(), ensure_ascii=False, indent=1) + "\n")
    text = EXAMPLE.sub(lambda m: f"<!-- vector {m[1]}{m[2]} -->\n```{m[3]}\n{shown(find(FILES[m[1]](), m[2]))}```\n", document())
    with open(DOCUMENT, "w", encoding="utf-8") as f:
        f.write(text)
    sys.exit(0)


@tap.test("every vector file is what an independent program makes of the fixed keys")
def _():
    for name, make in FILES.items():
        assert load(name) == make(), name
    assert sorted(os.listdir(DATA)) == sorted(n + ".json" for n in FILES)


@tap.test("every example of PROTOCOL.md equals its vector, and every vector file is shown")
def _():
    found = EXAMPLE.findall(document())
    assert {f[0] for f in found} == set(FILES), "a vector file without an example"
    for name, path, _language, text in found:
        assert text == shown(find(load(name), path)), f"{name}{path}"
    assert document().count("<!-- vector ") == len(found)


@tap.test("signatures, chain and code of the vectors verify")
def _():
    key = nacl.signing.SigningKey(KEYSET_SEED).verify_key
    for part in (load("keyset")["keyset"], load("batch")["answer"], load("time")["time"]):
        body = part["signed"]
        key.verify(f"onestop-{body['type']}-1\n".encode() + canonical(body).encode(), base64.b64decode(part["signature"]))
    batch = load("batch")
    prev = "0" * 64
    for seq, line in enumerate(batch["lines"], 1):
        entry = json.loads(line)
        assert (entry["seq"], entry["prev"]) == (seq, prev)
        prev = hashlib.sha256(line.encode()).hexdigest()
    nacl.signing.SigningKey(DEVICE_SEED).verify_key.verify(batch["head_text"].encode(), base64.b64decode(batch["signature"]))
    assert batch["head_text"].endswith(prev)
    assert len(load("code")["code"]) == 52


@tap.test("a batch passes through zstd unchanged")
def _():
    plain = "".join(line + "\n" for line in load("batch")["lines"]).encode()
    packed = subprocess.run(["zstd", "-q", "-c"], input=plain, stdout=subprocess.PIPE, check=True).stdout
    assert subprocess.run(["zstd", "-q", "-d", "-c"], input=packed, stdout=subprocess.PIPE, check=True).stdout == plain


tap.main()
