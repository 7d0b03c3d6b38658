#!/usr/bin/python3
"""Who may speak to onestop-city: enrolment, certificates, what it signs, commands. A Python device over real TLS."""
import base64
import datetime
import hashlib
import sqlite3
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import city_kit
import tap
from city_kit import b64, compact

city = city_kit.City()
city.start()


@tap.test("anyone may ask for health and the CA, whose public key is the code's second half")
def _():
    assert city.ask("GET", "/healthz").body == b"ok\n"
    code = city.code()
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
    device.signed(device.enrolled["keyset"], "keyset")
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
    signed = kiosk.signed(kiosk.ask("GET", "/v1/time").json, "time")
    assert signed["epoch"] == kiosk.enrolled["epoch"]
    keyset = kiosk.signed(kiosk.keyset(), "keyset")
    assert {r["role"] for r in keyset["recipients"]} == {"working", "hall", "recovery"}
    assert any(k["device"] == kiosk.name for k in keyset["ticket_keys"])
    tag = kiosk.ask("GET", "/v1/keyset").headers["ETag"]
    assert kiosk.ask("GET", "/v1/keyset", headers={"If-None-Match": tag}).status == 304
    state = kiosk.signed(kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json, "ack")
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
    gone = city.fresh()
    before = city.log_rows(), city.rows("SELECT count(*) FROM upload")
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
    assert (city.log_rows(), city.rows("SELECT count(*) FROM upload")) == before
    revoked = [k for k in kiosk.keyset()["signed"]["ticket_keys"] if k["device"] == gone.name]
    assert "revoked" in revoked[0]


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
