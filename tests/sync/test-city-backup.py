#!/usr/bin/python3
"""What a backup of onestop-city makes safe, what a restore brings back, what a kill leaves."""
import hashlib
import http.client
import os
import secrets
import sqlite3

import city_kit
import tap

city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")
kiosk.send([kiosk.entry("audit", body={"n": 1}), kiosk.case().line])      # a case whose objects never come


@tap.test("safe follows a finished backup, and stops before an entry whose objects are not there")
def _():
    def safe():
        return kiosk.ask("GET", "/v1/entries?incarnation=" + kiosk.incarnation).json["signed"]["safe"]
    assert safe() == 0
    city.run("backup")
    assert 0 < safe() < kiosk.seq, "the case without objects holds it"
    late = city.fresh()
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
    device = city.fresh()
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
    device = city.fresh()
    for point, count in (("city.before-commit", 0), ("city.after-commit", 1)):
        city.stop()
        city.start({"ONESTOP_FAULT": point + "=kill"})
        sent = device.case()
        try:
            device.send([sent.line])
            assert False, "there was an answer"
        except (ConnectionError, OSError, EOFError, http.client.HTTPException):
            pass
        assert city.wait_dead() == -9
        city.start()
        assert city.rows("SELECT count(*) FROM case_file WHERE number=?", sent.number) == [(count,)]
        assert device.send([sent.line]).json["signed"]["received"] == device.seq
        assert city.rows("SELECT count(*) FROM case_file WHERE number=?", sent.number) == [(1,)]
    for point, kept in (("city.object-before-rename", True), ("city.object-after-rename", False)):
        data = secrets.token_bytes(100000)
        where = device.start_upload(data).headers["Location"]
        city.stop()
        city.start({"ONESTOP_FAULT": point + "=kill"})
        try:
            device.part(where, data, 0, "?1")
        except (ConnectionError, OSError, EOFError, http.client.HTTPException):
            pass
        city.wait_dead()
        city.start()
        name = hashlib.sha256(data).hexdigest()
        assert device.ask("HEAD", "/v1/objects/" + name).status == 404
        offset = int(device.ask("HEAD", where).headers["Upload-Offset"])
        assert offset == (len(data) if kept else 0)
        assert device.part(where, data[offset:], offset, "?1").status == 204
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


try:
    tap.main()
finally:
    city.stop()
    city.temporary.cleanup()
