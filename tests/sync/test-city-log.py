#!/usr/bin/python3
"""The log of a device at onestop-city: batches, gaps, what is refused, forks."""
import city_kit
import tap
from city_kit import b64, uuid7

city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")


@tap.test("a batch is on disk before it is answered; sent again it is answered the same")
def _():
    lines = [kiosk.entry("heartbeat"), kiosk.entry("ticket.drawn", body={"number": "A001", "family": "A", "ticket_id": "00" * 12})]
    first = kiosk.signed(kiosk.send(lines).json, "ack")
    again = kiosk.signed(kiosk.send(lines).json, "ack")
    plain = kiosk.signed(kiosk.send(lines, compress=False).json, "ack")
    for answer in (first, again, plain):
        assert (answer["received"], answer["head"], answer["refused"]) == (2, kiosk.prev, [])
    stored = city.rows("SELECT bytes FROM device_log l JOIN chain c USING (chain) WHERE device=? ORDER BY seq", kiosk.name)
    assert [bytes(r[0]) for r in stored] == lines


@tap.test("a gap, a bad signature, lines that do not follow and a torn frame store nothing")
def _():
    before = city.log_rows()
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
    assert city.log_rows() == before
    assert kiosk.send(lines).json["signed"]["received"] == seq + 3


@tap.test("oversize: a batch over 1 MiB is 413, also when it is small while compressed; nothing is stored")
def _():
    before = city.log_rows()
    seq, prev = kiosk.seq, kiosk.prev
    lines = [kiosk.entry("audit", body={"text": "x" * 60000}) for _ in range(20)]
    assert kiosk.send(lines).status == 413
    assert kiosk.send(lines, compress=False).status == 413
    assert city.log_rows() == before
    kiosk.seq, kiosk.prev = seq, prev


@tap.test("one bad entry stops nothing but itself: it is kept, refused with its reason, also when asked again")
def _():
    good = kiosk.case()
    lines = [good.line, kiosk.raw_line(b'{"this is": no entry'), kiosk.entry("case.submitted", uuid7(), body={"number": "nonsense"}),
             kiosk.case(number=good.number).line, kiosk.raw_line(b"y" * 70000), kiosk.entry("case.withdrawn", uuid7()),
             kiosk.entry("ticket.drawn", body={"number": "A002", "family": "A"})]
    first = kiosk.seq - len(lines) + 1
    answer = kiosk.signed(kiosk.send(lines).json, "ack")
    assert answer["received"] == kiosk.seq
    reasons = {r["seq"] - first: r["reason"] for r in answer["refused"]}
    assert reasons == {1: "unreadable", 2: "bad-body", 3: "number-taken", 4: "too-large", 5: "unknown-case"}, reasons
    assert kiosk.signed(kiosk.send(lines).json, "ack")["refused"] == answer["refused"]
    assert len(kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json["signed"]["refused"]) == 5
    only = kiosk.raw_line(b"alone and unreadable")
    for _ in range(2):
        assert kiosk.send([only]).json["signed"]["received"] == kiosk.seq
    assert city.rows("SELECT count(*) FROM case_file WHERE number=?", good.number) == [(1,)]


@tap.test("an old image put back is a fork: set aside with an alarm, the device waits for staff")
def _():
    device = city.fresh()
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
    torn = city.fresh()
    torn.send([torn.entry("heartbeat")])
    torn.prev = "ab" * 32
    before = city.log_rows()
    assert torn.send([torn.entry("heartbeat")]).problem == "fork", "it does not follow what the city has"
    assert city.log_rows() == before
    other = city.fresh()
    other.incarnation = uuid7()
    assert other.send([other.entry("heartbeat")]).problem == "fork"


try:
    tap.main()
finally:
    city.stop()
    city.temporary.cleanup()
