#!/usr/bin/python3
"""Sealed objects sent to onestop-city, in parts and in one go."""
import hashlib
import os
import secrets
import socket

import city_kit
import tap
from city_kit import b64

city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")


@tap.test("an upload that breaks goes on where it was; the object is there only when it is whole and right")
def _():
    data = secrets.token_bytes(3 * 1024 * 1024 + 17)
    name = hashlib.sha256(data).hexdigest()
    made = kiosk.start_upload(data)
    where = made.headers["Location"]
    assert (made.status, made.headers["Upload-Offset"]) == (201, "0") and "max-size=" in made.headers["Upload-Limit"]
    assert kiosk.part(where, data[:1 << 20], 0).headers["Upload-Offset"] == str(1 << 20)
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
    wrong = kiosk.part(where, b"z", offset + 1)
    assert (wrong.status, wrong.problem, wrong.json["expected-offset"]) == (409, "mismatching-upload-offset", offset)
    done = kiosk.part(where, data[offset:], offset, "?1")
    assert (done.status, done.headers["Upload-Complete"]) == (204, "?1")
    assert kiosk.ask("HEAD", "/v1/objects/" + name).status == 200
    with open(city.path("objects", name[:2], name), "rb") as f:
        assert f.read() == data
    assert kiosk.part(where, b"z", len(data)).problem == "completed-upload"
    assert kiosk.start_upload(data).status == 200


@tap.test("an upload in one go, another device's, wrong bytes, wrong lengths, a part's digest, giving up")
def _():
    data = secrets.token_bytes(5000)
    assert kiosk.start_upload(data, "?1", data).status == 201
    assert kiosk.ask("HEAD", "/v1/objects/" + hashlib.sha256(data).hexdigest()).status == 200
    other = secrets.token_bytes(5000)
    lie = kiosk.start_upload(other, "?1", data)
    assert (lie.status, lie.problem) == (422, "digest-mismatch")
    assert kiosk.ask("HEAD", lie.headers["Location"]).status == 404
    where = kiosk.start_upload(other).headers["Location"]
    assert city.desks["GS"].part(where, other, 0, "?1").status == 404
    assert kiosk.part(where, other + b"more", 0, "?1").problem == "inconsistent-upload-length"
    where = kiosk.start_upload(other).headers["Location"]
    assert kiosk.part(where, other + b"more", 0, "?0").problem == "inconsistent-upload-length"
    assert int(kiosk.ask("HEAD", where).headers["Upload-Offset"]) <= len(other)
    where = kiosk.start_upload(other).headers["Location"]
    assert kiosk.part(where, other[:100], 0, "?1").problem == "inconsistent-upload-length"
    digest = {"Content-Digest": "sha-256=:" + b64(hashlib.sha256(other[:1000]).digest()) + ":"}
    where = kiosk.start_upload(other).headers["Location"]
    assert kiosk.part(where, other[:1000], 0, **digest).status == 204
    assert kiosk.part(where, other[1000:2000], 1000, **digest).problem == "digest-mismatch"
    assert kiosk.ask("HEAD", where).headers["Upload-Offset"] == "1000"
    assert kiosk.ask("PATCH", where, b"x", {"Upload-Offset": "1000", "Upload-Complete": "?0"}).status == 415
    assert kiosk.ask("DELETE", where).status == 204 and kiosk.ask("HEAD", where).status == 404
    assert kiosk.ask("POST", "/v1/uploads?sha256=../../etc", b"", {"Upload-Complete": "?0"}).status == 400
    big = kiosk.ask("POST", "/v1/uploads?sha256=" + "a" * 64, b"", {"Upload-Complete": "?0", "Upload-Length": str(25 << 20)})
    assert big.status == 413


try:
    tap.main()
finally:
    city.stop()
    city.temporary.cleanup()
