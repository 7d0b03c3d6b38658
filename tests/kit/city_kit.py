"""city_kit: a real onestop-city in a temporary directory, and a device in Python that shares no code with it.

    with city_kit.City() as city:
        kiosk = city.enrol("kiosk")
        case = kiosk.case({"service": "gusu-talent-card", ...}, [("id-front", b"...", "image/jpeg")])
        answer = kiosk.send(case.entries)
"""
import base64
import hashlib
import http.client
import json
import math
import os
import secrets
import signal
import ssl
import subprocess
import tempfile
import time
import uuid

import nacl.bindings
import nacl.public
import nacl.signing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SOURCE = os.environ.get("ONESTOP_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BUILD = os.environ.get("ONESTOP_BUILD", os.path.join(SOURCE, "build"))
PROGRAM = os.path.join(BUILD, "sync", "city", "onestop-city")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PASSPHRASE = "correct horse battery"


def b64(raw):
    return base64.b64encode(raw).decode()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def now(offset=0):
    t = time.time() + offset
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + f".{int(t * 1000) % 1000:03d}Z"


def uuid7():
    ms = int(time.time() * 1000)
    raw = bytearray(ms.to_bytes(6, "big") + secrets.token_bytes(10))
    raw[6] = 0x70 | raw[6] & 15
    raw[8] = 0x80 | raw[8] & 63
    return str(uuid.UUID(bytes=bytes(raw)))


def case_number(hall, code, counter):
    digits = ""
    for _ in range(6):
        digits = ALPHABET[counter % 31] + digits
        counter //= 31
    body = hall + code + digits
    check = ALPHABET[(31 - sum(ALPHABET.index(c) * 3 ** i for i, c in enumerate(body)) % 31) % 31]
    return f"{hall}{code}-{digits}-{check}"


def zstd(plain):
    return subprocess.run(["zstd", "-q", "-c"], input=plain, stdout=subprocess.PIPE, check=True).stdout


def padme(length):
    if length < 2:
        return length
    e = int(math.log2(length))
    last = e - (int(math.log2(e)) + 1) if e else 0
    mask = (1 << last) - 1 if last > 0 else 0
    return (length + mask) & ~mask


def seal_object(key, case_id, kind, slot, index, plain):
    """A sealed object of sync/PROTOCOL.md and trust/seal.h, made by libsodium through python3-nacl."""
    ad = b"onestop-object-1\0" + case_id.encode() + b"\0" + kind.encode() + b"\0" + slot.encode() + b"\0" + str(index).encode()
    data = len(plain).to_bytes(8, "little") + plain
    data += bytes(padme(len(data)) - len(data))
    b = nacl.bindings
    state = b.crypto_secretstream_xchacha20poly1305_state()
    out = b"\x01" + b.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    chunks = [data[i:i + 65536] for i in range(0, len(data), 65536)]
    for i, chunk in enumerate(chunks):
        tag = b.crypto_secretstream_xchacha20poly1305_TAG_FINAL if i == len(chunks) - 1 else b.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        out += b.crypto_secretstream_xchacha20poly1305_push(state, chunk, ad, tag)
    return out


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        return self.json["type"].rsplit(":", 1)[-1].rsplit("#", 1)[-1]


class City:
    def __init__(self, hall_key=True, environment=None, init=True):
        self.temporary = tempfile.TemporaryDirectory(prefix="onestop-city-")
        self.root = self.temporary.name
        self.directory = os.path.join(self.root, "city")
        self.config = os.path.join(self.root, "city.conf")
        self.environment = {**os.environ, "ONESTOP_ASSETS": os.path.join(SOURCE, "assets"), **(environment or {})}
        self.process = None
        self.halls = 0
        self.want_hall_key = hall_key
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"[listen]\naddress=127.0.0.1:0\n[console]\naddress=127.0.0.1:0\n[store]\ndirectory={self.directory}\n"
                    "[backup]\nevery=0\n")
        if init:
            self.run("init", self.directory)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.temporary.cleanup()

    def run(self, *words, check=True, stdin="", environment=None):
        done = subprocess.run([PROGRAM, "--config", self.config, *words], input=stdin, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env={**self.environment, **(environment or {})}, timeout=60)
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.returncode} {done.stderr}")
        return done

    def start(self, environment=None):
        self.log = open(os.path.join(self.root, "log"), "ab")
        self.process = subprocess.Popen([PROGRAM, "--config", self.config, "serve"], stdout=subprocess.PIPE, stderr=self.log,
                                        env={**self.environment, **(environment or {})})
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the server did not start: " + self.read_log())
        ports = json.loads(line)
        self.port, self.console_port = ports["devices"], ports["console"]

    def read_log(self):
        with open(os.path.join(self.root, "log"), encoding="utf-8") as f:
            return f.read()

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def wait_dead(self):
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def context(self, certificate=None, key=None, ca=None):
        context = ssl.create_default_context(cafile=ca or self.path("keys", "ca.crt"))
        if certificate:
            context.load_cert_chain(certificate, key)
        return context

    def connect(self, context=None, port=None, timeout=20):
        return http.client.HTTPSConnection("127.0.0.1", port or self.port, context=context or self.context(), timeout=timeout)

    def ask(self, method, path, body=None, headers=None, context=None, port=None):
        connection = self.connect(context, port)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def rows(self, sql, *values):
        import sqlite3
        with sqlite3.connect(f"file:{self.path('city.db')}?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    def code(self, role="kiosk", hall="GS", device=None):
        words = ["device", "code", "--hall", hall, "--role", role, "--json"] + (["--device", device] if device else [])
        return json.loads(self.run(*words).stdout)["code"]

    def enrol(self, role="kiosk", hall="GS", device=None):
        made = Device(self)
        answer = made.enrol(self.code(role, hall, device))
        assert answer.status == 201, answer.body
        if role == "kiosk" and self.want_hall_key and hall not in self.hall_keys:
            desk = self.enrol("desk", hall)
            self.desks[hall] = desk
            key = nacl.public.PrivateKey.generate()
            self.hall_keys[hall] = key
            desk.send([desk.entry("staff.action", body={"action": "hall_key", "key": b64(bytes(key.public_key))})])
        return made

    @property
    def hall_keys(self):
        return self.__dict__.setdefault("_hall_keys", {})

    @property
    def desks(self):
        return self.__dict__.setdefault("_desks", {})

    def fresh(self):
        """A kiosk in a hall of its own: a hall has room for few."""
        self.halls += 1
        return self.enrol("kiosk", "HJKM"[self.halls // 8] + "23456789"[self.halls % 8])

    def log_rows(self):
        return self.rows("SELECT count(*) FROM device_log")[0][0]

    def user(self, name, role="centre", passphrase=PASSPHRASE, **more):
        words = [w for k, v in more.items() for w in ("--" + k, v)]
        self.run("user", "add", name, "--role", role, *words, stdin=passphrase + "\n")


class Case:
    pass


class Device:
    def __init__(self, city):
        self.city = city
        self.sign_key = nacl.signing.SigningKey.generate()
        self.tls_key = ec.generate_private_key(ec.SECP256R1())
        self.incarnation = uuid7()
        self.seq, self.prev = 0, "0" * 64
        self.counter = secrets.randbelow(10 ** 8)

    def csr(self):
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anything")])
        request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(self.tls_key, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM).decode()

    def enrol_request(self, code):
        secret, csr = code[:26], self.csr()
        text = f"onestop-enrol-1\n{secret}\n{hashlib.sha256(csr.encode()).hexdigest()}\n{self.incarnation}"
        return {"secret": secret, "csr": csr, "device_key": b64(bytes(self.sign_key.verify_key)),
                "incarnation": self.incarnation, "proof": b64(self.sign_key.sign(text.encode()).signature)}

    def enrol(self, code):
        answer = self.city.ask("POST", "/v1/enrol", compact(self.enrol_request(code)), {"Content-Type": "application/json"})
        if answer.status == 201:
            self.take(answer.json)
        return answer

    def take(self, enrolled):
        self.enrolled = enrolled
        self.name, self.hall, self.role = enrolled["device"], enrolled["hall"], enrolled["role"]
        self.context = self.make_context(enrolled["certificate"])

    def make_context(self, certificate):
        folder = tempfile.mkdtemp(dir=self.city.root)
        paths = os.path.join(folder, "tls.crt"), os.path.join(folder, "tls.key")
        with open(paths[0], "w", encoding="utf-8") as f:
            f.write(certificate)
        with open(paths[1], "wb") as f:
            f.write(self.tls_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        return self.city.context(*paths)

    def ask(self, method, path, body=None, headers=None):
        return self.city.ask(method, path, body, headers, self.context)

    def signed(self, document, kind):
        """What stands in a document that the city signed, if its signature is good."""
        assert document["signed"]["type"] == kind
        key = nacl.signing.VerifyKey(base64.b64decode(self.enrolled["keyset_key"]))
        key.verify(f"onestop-{kind}-1\n".encode() + canonical(document["signed"]).encode(), base64.b64decode(document["signature"]))
        return document["signed"]

    def entry(self, kind, case_id=None, objects=(), body=None, at=None, unsure=False):
        self.seq += 1
        value = {"device": self.name, "incarnation": self.incarnation, "seq": self.seq, "prev": self.prev, "at": at or now()}
        if unsure:
            value["unsure"] = True
        value["kind"] = kind
        if case_id:
            value["case_id"] = case_id
        line = compact({**value, "objects": list(objects), "body": body or {}}).encode()
        self.prev = hashlib.sha256(line).hexdigest()
        return line

    def raw_line(self, line):
        """Puts bytes that are no entry into the chain."""
        self.seq += 1
        self.prev = hashlib.sha256(line).hexdigest()
        return line

    def signature(self, lines, seq=None):
        head = f"{self.name}\n{self.incarnation}\n{seq or self.seq}\n{hashlib.sha256(lines[-1]).hexdigest()}"
        return b64(self.sign_key.sign(b"onestop-batch-1\n" + head.encode()).signature)

    def send(self, lines, signature=None, seq=None, compress=True, headers=None):
        body = b"".join(line + b"\n" for line in lines)
        more = {"Content-Type": "application/x-ndjson", "Onestop-Signature": signature or self.signature(lines, seq),
                "Onestop-Clock": now()}
        if compress:
            body, more["Content-Encoding"] = zstd(body), "zstd"
        return self.ask("POST", "/v1/entries", body, {**more, **(headers or {})})

    def keyset(self):
        return self.ask("GET", "/v1/keyset").json

    def next_number(self):
        self.counter += 1
        return case_number(self.hall, self.enrolled["case_code"], self.counter)

    def case(self, answers=None, documents=(), service="gusu-talent-card", number=None, recipients=None, body=None):
        case = Case()
        case.case_id, case.key, case.objects = uuid7(), secrets.token_bytes(32), {}
        case.number = number or self.next_number()
        recipients = recipients or self.keyset()["signed"]["recipients"]
        records = []
        for slot, plain, media in documents:
            index = sum(r["slot"] == slot for r in records)
            sealed = seal_object(case.key, case.case_id, "document", slot, index, plain)
            name = hashlib.sha256(sealed).hexdigest()
            case.objects[name] = sealed
            records.append({"slot": slot, "index": index, "media": media, "bytes": len(plain),
                            "sha256": hashlib.sha256(plain).hexdigest(), "object": name, "rotate": 0})
        case.body = body or {
            "service": service, "guide": "0" * 64, "language": "zh_CN",
            "applicant": {"name": "王示例", "id_number": "320505199002280013"}, "answers": answers or {},
            "notice": {"id": "notice", "version": "1", "at": now()},
            "consents": [{"id": "reuse", "version": "1", "given": False, "at": now()}],
            "identity_proof": {"method": "typed", "by": self.name, "at": now()}, "documents": records,
            "signature": {"slot": "signature", "index": 0}}
        sealed = seal_object(case.key, case.case_id, "body", "", 0, json.dumps(case.body, ensure_ascii=False).encode())
        name = hashlib.sha256(sealed).hexdigest()
        case.objects = {name: sealed, **case.objects}
        wraps = [{"kid": r["kid"], "wrap": b64(nacl.public.SealedBox(nacl.public.PublicKey(base64.b64decode(r["key"]))).encrypt(case.key))}
                 for r in recipients]
        case.line = self.entry("case.submitted", case.case_id,
                               [{"sha256": n, "size": len(s)} for n, s in case.objects.items()],
                               {"number": case.number, "service": service, "guide": "0" * 64, "hall": self.hall, "suite": 1,
                                "wraps": wraps})
        return case

    def start_upload(self, data, complete="?0", body=b""):
        return self.ask("POST", "/v1/uploads?sha256=" + hashlib.sha256(data).hexdigest(), body,
                        {"Upload-Length": str(len(data)), "Upload-Complete": complete})

    def part(self, where, data, offset, complete="?0", **more):
        return self.ask("PATCH", where, data, {"Content-Type": "application/partial-upload", "Upload-Offset": str(offset),
                                               "Upload-Complete": complete, **more})

    def upload(self, sealed, part=1 << 20):
        if self.ask("HEAD", "/v1/objects/" + hashlib.sha256(sealed).hexdigest()).status == 200:
            return
        answer = self.start_upload(sealed)
        assert answer.status == 201, (answer.status, answer.body)
        offset = 0
        while offset < len(sealed):
            piece = sealed[offset:offset + part]
            last = offset + len(piece) == len(sealed)
            done = self.part(answer.headers["Location"], piece, offset, "?1" if last else "?0")
            assert done.status == 204, (done.status, done.body)
            offset += len(piece)

    def submit(self, *args, **more):
        """A case with everything: entry and objects are at the city when this returns."""
        case = self.case(*args, **more)
        for sealed in case.objects.values():
            self.upload(sealed)
        answer = self.send([case.line])
        assert answer.status == 200 and not answer.json["signed"]["refused"], answer.body
        return case

    def feed(self, cursor=None, wait=0):
        path = f"/v1/feed?wait={wait}" + (f"&cursor={cursor}" if cursor else "")
        return self.ask("GET", path)


def eventually(condition, seconds=15):
    """Polls for a condition; its last value."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > until:
            return value
        time.sleep(0.05)


class Browser:
    """Forms and cookies of the console, without a browser."""

    def __init__(self, city):
        self.city, self.cookie = city, None

    def ask(self, method, path, form=None, headers=None):
        import urllib.parse
        body = urllib.parse.urlencode(form) if form is not None else None
        more = {"Cookie": self.cookie} if self.cookie else {}
        if form is not None:
            more |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://127.0.0.1:{self.city.console_port}"}
        answer = self.city.ask(method, path, body, {**more, **(headers or {})}, port=self.city.console_port)
        if answer.headers.get("Set-Cookie"):
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def token(self, path):
        import re
        found = re.search(r'name="token" value="([^"]+)"', self.get(path).body.decode())
        return found.group(1) if found else ""

    def sign_in(self, name, passphrase=PASSPHRASE):
        return self.ask("POST", "/sign-in", {"name": name, "passphrase": passphrase})

    def post(self, path, page, form, headers=None):
        return self.ask("POST", path, {**form, "token": self.token(page)}, headers)
