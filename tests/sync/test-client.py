#!/usr/bin/python3
"""onestop-sync against a real onestop-city, over a line that can be cut, with clocks and kills."""
import glob
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import threading

import nacl.signing

import city_kit
import open_case
import tap
import verify_ticket
from city_kit import BUILD, eventually

SYNC = os.path.join(BUILD, "sync/client/onestop-sync")
MAKE = os.path.join(BUILD, "tests/sync/make-entries")


HALLS = (a + b for a in "ABCD" for b in "23456789")   # one each: a hall has room for few kiosks


LINES = []


class Line:
    """A TCP line to the city that counts, and breaks when it is told to."""

    def __init__(self, port):
        self.target, self.up, self.cut_after = port, 0, None
        LINES.append(self)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            for a, b, up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self.pump, args=(a, b, up), daemon=True).start()

    def pump(self, source, sink, up):
        try:
            while data := source.recv(65536):
                if up:
                    self.up += len(data)
                    if self.cut_after is not None and self.up > self.cut_after:
                        break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Terminal:
    """A device whose sync is the real program."""

    def __init__(self, city, role="kiosk", hall=None, line=None, enrol=True):
        hall = hall or next(HALLS)
        self.city, self.role = city, role
        self.root = tempfile.mkdtemp(dir=city.root)
        self.state = os.path.join(self.root, "state")
        self.config = os.path.join(self.root, "device.conf")
        self.daemon = None
        with open(self.config, "w", encoding="utf-8") as file:
            group = "kiosk" if role == "kiosk" else "desk"
            file.write(f"[hall]\nid={hall}\nname=SAMPLE TEST\n[{group}]\nid={hall}-{group[0].upper()}1\n[store]\ndirectory={self.state}\n")
        self.url = f"https://127.0.0.1:{(line or road).port}"
        if enrol:
            done = self.enrol(city.code(role, hall))
            assert done.returncode == 0, done.stderr
            self.name = json.load(open(self.state + "/enrolment.json", encoding="utf-8"))["device"]

    def sync(self, *words, environment=None):
        return subprocess.run([SYNC, "--config", self.config, *words], capture_output=True, text=True, timeout=60,
                              env={**self.city.environment, **(environment or {})})

    def enrol(self, code, url=None, environment=None):
        return self.sync("enrol", "--city", url or self.url, "--code", code, environment=environment)

    def once(self, code=0, **environment):
        done = self.sync("--once", "--json", environment=environment)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def status(self):
        return json.loads(self.sync("--status", "--json").stdout)

    def cases(self, n, *sizes, environment=None):
        out = subprocess.run([MAKE, self.state, "case", str(n), *map(str, sizes)], capture_output=True, text=True, check=True,
                             env={**self.city.environment, **(environment or {})}).stdout
        return [json.loads(line) for line in out.splitlines()]

    def tickets(self, n):
        subprocess.run([MAKE, self.state, "ticket", str(n)], check=True, env=self.city.environment)

    def rows(self, sql, *values):
        with sqlite3.connect(f"file:{self.state}/store.db?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    def objects(self):
        return sorted(os.path.basename(p) for p in glob.glob(self.state + "/objects/??/*"))

    def start(self):
        self.log = open(os.path.join(self.root, "log"), "ab")
        self.daemon = subprocess.Popen([SYNC, "--config", self.config], stderr=self.log, env=self.city.environment)

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        code = self.daemon.wait(timeout=10)
        self.log.close()
        self.daemon = None
        return code


def log_of(city, device):
    return [r[0] for r in city.rows("SELECT bytes FROM device_log JOIN chain USING (chain) WHERE device=? ORDER BY seq", device)]


def in_city(city, terminal, case):
    """How often the case is in the city; opened with the city's key by other code, equal to what was sealed."""
    found = [line for line in log_of(city, terminal.name) if case["case_id"].encode() in bytes(line)]
    if len(found) == 1:
        with open(city.path("keys", "working.key"), "rb") as file:
            secret = file.read()
        body, _ = open_case.open_case(bytes(found[0]), secret, lambda name: open_case.read_object(city.path("objects"), name))
        assert body == case["body"]
    return len(found)


city = city_kit.City()
city.start()
road = Line(city.port)


def start_city(**environment):
    """The city again, on another port; the lines lead there."""
    city.start(environment=environment)
    for line in LINES:
        line.target = city.port


@tap.test("enrolment: another CA than the code's gets nothing of ours, and no key is left behind as enrolled")
def _():
    with city_kit.City(hall_key=False) as other:
        seen = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(other.path("keys", "server.crt"), other.path("keys", "server.key"))
        listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                    seen.append(connection.recv(65536))
                    body = open(other.path("keys", "ca.crt"), "rb").read()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                    connection.close()
                except OSError:
                    return
        threading.Thread(target=serve, daemon=True).start()
        terminal = Terminal(city, enrol=False)
        code = city.code()
        done = terminal.enrol(code, f"https://127.0.0.1:{listener.getsockname()[1]}")
        assert done.returncode == 3 and "nothing was sent" in done.stderr, done.stderr
        assert len(seen) == 1 and seen[0].startswith(b"GET /v1/ca HTTP/1.1\r\n") and code[:26].encode() not in seen[0]
        assert not os.path.exists(terminal.state + "/enrolment.json")
        assert terminal.enrol(code).returncode == 0
        assert terminal.enrol(city.code()).returncode == 3
        assert terminal.enrol("short").returncode == 4
        for path in glob.glob(terminal.state + "/keys/*"):
            assert os.stat(path).st_mode & 0o077 == 0, path


@tap.test("enrolment: killed before and after the answer, the same code again makes the same device")
def _():
    for point in ("sync.before-enrol", "sync.enrolled"):
        terminal = Terminal(city, enrol=False)
        code = city.code()
        assert terminal.enrol(code, environment={"ONESTOP_FAULT": point + "=kill"}).returncode == -signal.SIGKILL
        assert terminal.sync("--once").returncode == 3
        done = terminal.enrol(code)
        assert done.returncode == 0, done.stderr
        assert terminal.sync("--once").returncode == 0


@tap.test("cases and their objects arrive, once, and open with the city's key to what was sealed")
def _():
    terminal = Terminal(city)
    made = terminal.cases(3, 1000, 70000) + terminal.cases(1, 3000000)
    before = terminal.status()
    assert before["state"] == "unknown" and before["entries"] == 4 and before["objects"] == 11 and before["since"]
    terminal.once()
    after = terminal.status()
    assert (after["state"], after["entries"], after["objects"], after["received"]) == ("done", 0, 0, 4), after
    assert [in_city(city, terminal, case) for case in made] == [1] * 4
    terminal.once()
    assert len(log_of(city, terminal.name)) == 4
    # nothing is deleted before it is in a backup
    assert len(terminal.objects()) == 11 and terminal.status()["safe"] == 0
    city.run("backup")
    terminal.once()
    assert terminal.objects() == [] and terminal.status()["safe"] == 4


@tap.test("thousands of entries go in batches, in order")
def _():
    terminal = Terminal(city, hall="WZ")
    terminal.tickets(4000)
    line_bytes = sum(len(bytes(b)) for (b,) in terminal.rows("SELECT bytes FROM entry"))
    assert line_bytes > 1 << 20
    terminal.once()
    assert [bytes(b) for b in log_of(city, terminal.name)] == \
        [bytes(b) for (b,) in terminal.rows("SELECT bytes FROM entry ORDER BY seq")]


@tap.test("a broken line costs a part, not the object; a restart goes on as well")
def _():
    line = Line(city.port)
    terminal = Terminal(city, line=line)
    (case,) = terminal.cases(1, 8 << 20)
    line.up, line.cut_after = 0, 5 << 20
    terminal.once(3)
    assert terminal.status()["objects"] >= 1 and terminal.status()["state"] in ("waiting", "unknown")
    line.up, line.cut_after = 0, None
    terminal.once()
    assert line.up < (5 << 20), line.up
    assert in_city(city, terminal, case) == 1


@tap.test("killed at every point of a round, and run again: each case is in the city exactly once, nothing is lost")
def _():
    for point in ("sync.before-push", "sync.acknowledged", "sync.upload-part", "sync.uploaded", "sync.before-purge"):
        terminal = Terminal(city)
        (case,) = terminal.cases(1, 2500000)
        if point == "sync.before-purge":
            terminal.once()
            city.run("backup")
        assert terminal.once(-signal.SIGKILL, ONESTOP_FAULT=point + "=kill").returncode == -signal.SIGKILL, point
        terminal.once()
        assert in_city(city, terminal, case) == 1, point
        assert len(log_of(city, terminal.name)) == 1, point


@tap.test("the desk gets envelopes and objects, the kiosk none; both hear of the case; killed in between it comes again")
def _():
    kiosk, desk = Terminal(city, hall="KS"), Terminal(city, role="desk", hall="KS")
    (case,) = kiosk.cases(1, 90000)
    kiosk.once()
    desk.once(-signal.SIGKILL, ONESTOP_FAULT="sync.object-arrived=kill")
    desk.once()
    (entry,) = desk.rows("SELECT bytes FROM envelope")
    assert bytes(entry[0]) == bytes(log_of(city, kiosk.name)[0])
    names = [o["sha256"] for o in json.loads(entry[0])["objects"]]
    assert sorted(names) == desk.objects() == kiosk.objects()
    for name in names:
        with open(f"{desk.state}/objects/{name[:2]}/{name}", "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == name
    assert kiosk.rows("SELECT count(*) FROM envelope") == [(0,)]
    for terminal in (kiosk, desk):
        terminal.once()
        assert ("submitted",) in terminal.rows("SELECT state FROM case_public WHERE number=?", case["number"])


@tap.test("the city away: waiting is said so; when it returns the daemon drains by itself, and new things go within seconds")
def _():
    terminal = Terminal(city)
    terminal.start()
    try:
        assert eventually(lambda: terminal.status()["state"] == "done")
        (quick,) = terminal.cases(1, 1000)
        assert eventually(lambda: terminal.status()["entries"] + terminal.status()["objects"] == 0)
        assert in_city(city, terminal, quick) == 1
        city.stop()
        (late,) = terminal.cases(1, 1000)
        assert eventually(lambda: terminal.status()["failures"] > 0)
        status = terminal.status()
        assert (status["state"], status["entries"]) == ("waiting", 1) and status["last_error"].startswith("offline:"), status
        start_city()
        assert eventually(lambda: terminal.status()["state"] == "done", 30), terminal.status()
        assert in_city(city, terminal, late) == 1
    finally:
        assert terminal.stop() == 0


@tap.test("the city restored from an older backup: what came later is sent again, and is there once")
def _():
    terminal = Terminal(city)
    first = terminal.cases(1, 1000)
    terminal.once()
    backup = city.run("backup").stdout.strip()
    terminal.once()
    assert terminal.status()["safe"] == 1
    later = terminal.cases(2, 1000)
    Terminal(city)   # a newer key set, which the backup does not know
    terminal.once()
    version = terminal.status()["keyset_version"]
    epoch = terminal.status()["epoch"]
    city.stop()
    city.run("restore", backup)
    start_city()
    assert len(log_of(city, terminal.name)) == 1
    terminal.once()
    status = terminal.status()
    assert status["epoch"] != epoch and status["received"] == 3 and status["state"] == "done", status
    assert [in_city(city, terminal, case) for case in later] == [1, 1]
    assert len(log_of(city, terminal.name)) == 3 and in_city(city, terminal, first[0]) == 1
    assert status["keyset_version"] > version, "the restored city's next key set is beyond those it forgot"


@tap.test("an old state put back is a fork: nothing is sent as new, nothing deleted, staff are told")
def _():
    terminal = Terminal(city)
    terminal.cases(1, 1000)
    copy = terminal.root + "/copy"
    shutil.copytree(terminal.state, copy)
    terminal.cases(1, 1000)
    terminal.once()
    shutil.rmtree(terminal.state)
    os.rename(copy, terminal.state)
    terminal.cases(1, 2000)
    terminal.once(3)
    status = terminal.status()
    assert status["state"] in ("waiting", "unknown") and "conflict" in status["last_error"], status
    assert len(log_of(city, terminal.name)) == 2 and len(terminal.objects()) == 4


@tap.test("the clock ten years back or ahead does not cut the device off; another city's server does")
def _():
    terminal = Terminal(city)
    terminal.once()
    library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    for days in (-3650, 3650):
        if not library:
            raise tap.Skip("libfaketime is not here")
        if "ONESTOP_SANITIZED" in os.environ:
            raise tap.Skip("libfaketime and the sanitizers wait for each other for ever")
        wrong = {"LD_PRELOAD": library[0], "FAKETIME": f"{days:+d}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        (case,) = terminal.cases(1, 1000, environment=wrong)
        terminal.once(**wrong)
        assert in_city(city, terminal, case) == 1, days
        assert json.loads(terminal.sync("--status", "--json", environment=wrong).stdout)["clock_unsure"] is True
    with city_kit.City(hall_key=False) as other:
        terminal.tickets(1)
        with open(terminal.config, "a", encoding="utf-8") as file:
            file.write(f"[city]\nurl=https://127.0.0.1:{other.port}\n")
        terminal.once(3)
        assert "denied" in terminal.status()["last_error"], terminal.status()
        assert other.rows("SELECT count(*) FROM device_log") == [(0,)]


@tap.test("in training nothing is sent")
def _():
    terminal = Terminal(city)
    terminal.cases(1, 1000)
    with open(terminal.config, encoding="utf-8") as file:
        text = file.read()
    with open(terminal.config, "w", encoding="utf-8") as file:
        file.write(text.replace("[kiosk]\n", "[kiosk]\nmode=training\n"))
    terminal.once()
    assert log_of(city, terminal.name) == [] and terminal.status()["state"] == "waiting"
    terminal.start()
    done = terminal.status()["last_success"]
    assert eventually(lambda: terminal.status()["last_success"] != done)
    assert terminal.stop() == 0 and log_of(city, terminal.name) == []


@tap.test("a certificate is renewed at half its life, and a revoked one is refused")
def _():
    terminal = Terminal(city)
    with open(terminal.state + "/keys/tls.crt", encoding="utf-8") as file:
        before = file.read()
    terminal.once()
    with open(terminal.state + "/keys/tls.crt", encoding="utf-8") as file:
        assert file.read() == before
    offset = {"ONESTOP_CLOCK_OFFSET": str(16 * 86400)}
    city.stop()
    start_city(**offset)
    try:
        terminal.once(**offset)
        with open(terminal.state + "/keys/tls.crt", encoding="utf-8") as file:
            assert file.read() != before
        terminal.once(**offset)
        city.run("device", "revoke", terminal.name, environment=offset)
        terminal.once(3, **offset)
        assert "certificate-refused" in terminal.status()["last_error"], terminal.status()
    finally:
        city.stop()
        start_city()


def serve_key_set(package):
    """A server with the city's own certificate that has nothing but this key set; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(city.path("keys", "server.crt"), city.path("keys", "server.key"))
    listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)

    def answer():
        while True:
            try:
                connection, _ = listener.accept()
                line = connection.recv(65536).split(b"\r\n")[0]
                status, body = (b"200 OK", package) if b" /v1/keyset " in line else (b"500 No", b"")
                connection.sendall(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
                connection.close()
            except ssl.SSLError:
                pass
            except OSError:
                return
    threading.Thread(target=answer, daemon=True).start()
    return listener.getsockname()[1]


@tap.test("a key set that goes back, is expired or is signed by another is not taken; a newer good one is")
def _():
    terminal = Terminal(city)
    place = terminal.state + "/keyset.json"
    with open(place, "rb") as file:
        good = file.read()
    with open(city.path("keys", "keyset-sign.key"), "rb") as file:
        signer = nacl.signing.SigningKey(file.read())

    def offered(key, **changes):
        content = {**json.loads(good)["signed"], **changes}
        message = "onestop-keyset-1\n" + city_kit.canonical(content)
        package = city_kit.compact({"signed": content, "signature": city_kit.b64(key.sign(message.encode()).signature)})
        with open(terminal.config, encoding="utf-8") as file:
            text = file.read().split("[city]")[0]
        with open(terminal.config, "w", encoding="utf-8") as file:
            file.write(text + f"[city]\nurl=https://127.0.0.1:{serve_key_set(package.encode())}\n")
        terminal.once(3)
        with open(place, "rb") as file:
            return file.read() == package.encode()
    version = json.loads(good)["signed"]["version"]
    assert not offered(signer, version=version - 1)
    assert not offered(signer, version=version + 1, issued=city_kit.now(-100), expires=city_kit.now(-1))
    assert not offered(nacl.signing.SigningKey.generate(), version=version + 1)
    assert offered(signer, version=version + 1)
    with open(place, "w", encoding="utf-8") as file:
        file.write("{}")
    assert offered(signer, version=version + 2), "a damaged one is replaced"


@tap.test("a ticket of an enrolled device: issued, verified offline by the product and by other code; forged and foreign ones")
def _():
    def onestop(who, *words, text=""):
        return subprocess.run([os.path.join(BUILD, "kiosk/cli/onestop"), "ticket", *words, "--config", who.config], input=text,
                              capture_output=True, text=True, timeout=60, env=city.environment)
    terminal, other = Terminal(city), Terminal(city)
    issued = onestop(terminal, "issue", "--family", "A")
    assert issued.returncode == 0, issued.stderr
    text = issued.stdout.strip()
    key = onestop(terminal, "key").stdout.strip()
    claims = verify_ticket.verify(text, verify_ticket.key_of_cose(key))
    assert claims["kind"] == 1 and claims["number"].startswith("A") and claims["hall"] == terminal.name[:2]
    good = onestop(terminal, "verify", "--json", text=text + "\n")
    assert good.returncode == 0 and json.loads(good.stdout)["verdict"] == "good", good
    assert json.loads(good.stdout)["number"] == claims["number"]
    shown = json.loads(onestop(other, "show", "--json", text=text).stdout)
    assert shown["id"] == claims["id"]
    letters = verify_ticket.LETTERS
    for at in (10, 60, 150, len(text) - 20):
        forged = text[:at] + letters[(letters.index(text[at]) + 1) % 45] + text[at + 1:]
        assert onestop(terminal, "verify", text=forged).returncode in (1, 3, 4), at
    assert onestop(terminal, "verify", text="https://example.com/").returncode == 4
    foreign = onestop(other, "issue", "--family", "A").stdout
    unknown = onestop(terminal, "verify", "--json", text=foreign)
    assert unknown.returncode == 3 and json.loads(unknown.stdout)["verdict"] == "unknown-key", unknown
    terminal.once()   # the newer key set names it
    assert onestop(terminal, "verify", text=foreign).returncode == 0
    assert onestop(terminal, "issue").returncode == 2 and onestop(terminal, "burn").returncode == 2


def finish():
    city.stop()
    city.temporary.cleanup()


try:
    tap.main()
finally:
    finish()
