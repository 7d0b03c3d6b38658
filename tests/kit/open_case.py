#!/usr/bin/python3
"""open_case: opens a submitted case with a recipient's key. Shares no code with the product.

    open_case.py --entry ENTRY.json --key SECRET --objects FOLDER --into FOLDER

ENTRY holds the exact bytes of a case.submitted or case.supplement entry, SECRET the 32 bytes of an X25519 key,
--objects the sealed objects as ab/abcdef... or abcdef... Writes body.json and SLOT-INDEX files. Exit 0 only if every
object of the entry is there, hashes as it should, opens, and is what the body says of it.
"""
import argparse
import base64
import hashlib
import json
import os
import struct
import sys

from nacl import bindings
from nacl.public import PrivateKey, SealedBox

CHUNK = 65536
OVERHEAD = 17


class Refused(Exception):
    pass


def padme(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    last = e - e.bit_length()
    mask = (1 << last) - 1
    return (length + mask) & ~mask


def kid(public_key):
    return hashlib.blake2b(public_key, digest_size=8).hexdigest()


def unwrap(wraps, secret):
    """The 32-byte key of the submission."""
    private = PrivateKey(secret)
    mine = kid(bytes(private.public_key))
    for wrap in wraps:
        if wrap["kid"] == mine:
            try:
                key = SealedBox(private).decrypt(base64.b64decode(wrap["wrap"], validate=True))
            except Exception as error:
                raise Refused("the wrap does not open") from error
            if len(key) != 32:
                raise Refused("not a key")
            return key
    raise Refused("not wrapped for this key")


def open_object(key, case_id, kind, slot, index, sealed):
    """The plaintext of one sealed object."""
    if len(sealed) <= 25 or sealed[0] != 1:
        raise Refused("not a sealed object of suite 1")
    ad = b"\0".join([b"onestop-object-1", case_id.encode(), kind.encode(), slot.encode(), str(index).encode()])
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, sealed[1:25], key)
    rest, padded, final = sealed[25:], b"", False
    while rest:
        if final:
            raise Refused("bytes after the final chunk")
        chunk, rest = rest[:CHUNK + OVERHEAD], rest[CHUNK + OVERHEAD:]
        try:
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, chunk, ad)
        except Exception as error:
            raise Refused("a chunk does not open") from error
        final = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        padded += plain
    if not final:
        raise Refused("the final chunk is missing")
    if len(padded) < 8:
        raise Refused("no length")
    (length,) = struct.unpack("<Q", padded[:8])
    if padme(length + 8) != len(padded) or any(padded[8 + length:]):
        raise Refused("length and padding disagree")
    return padded[8:8 + length]


def read_object(folder, sha256):
    for path in (os.path.join(folder, sha256[:2], sha256), os.path.join(folder, sha256)):
        if os.path.exists(path):
            with open(path, "rb") as file:
                return file.read()
    raise Refused("object " + sha256 + " is not there")


def open_case(entry_bytes, secret, fetch):
    """(body, {(slot, index): bytes}) of an entry; `fetch` gives the sealed bytes for a hash."""
    entry = json.loads(entry_bytes)
    key = unwrap(entry["body"]["wraps"], secret)
    sealed = {}
    for item in entry["objects"]:
        data = fetch(item["sha256"])
        if hashlib.sha256(data).hexdigest() != item["sha256"] or len(data) != item["size"]:
            raise Refused("object " + item["sha256"] + " is not what the entry says")
        sealed[item["sha256"]] = data
    first = entry["objects"][0]["sha256"]
    body = json.loads(open_object(key, entry["case_id"], "body", "", 0, sealed[first]))
    documents = {}
    for document in body["documents"]:
        place = (document["slot"], document["index"])
        plain = open_object(key, entry["case_id"], "document", *place, sealed[document["object"]])
        if hashlib.sha256(plain).hexdigest() != document["sha256"] or len(plain) != document["bytes"]:
            raise Refused("document %s %d is not what the body says" % place)
        if place in documents:
            raise Refused("two documents in one place")
        documents[place] = plain
    if len(documents) + 1 != len(entry["objects"]):
        raise Refused("the entry names other objects than the body")
    return body, documents


def main():
    parser = argparse.ArgumentParser()
    for name in ("entry", "key", "objects", "into"):
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()
    with open(options.entry, "rb") as file:
        entry = file.read().rstrip(b"\n")
    with open(options.key, "rb") as file:
        secret = file.read()
    try:
        body, documents = open_case(entry, secret, lambda sha256: read_object(options.objects, sha256))
    except (Refused, KeyError, ValueError) as error:
        print("refused:", error, file=sys.stderr)
        return 1
    os.makedirs(options.into, exist_ok=True)
    with open(os.path.join(options.into, "body.json"), "w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False, indent=1)
    for (slot, index), plain in documents.items():
        with open(os.path.join(options.into, f"{slot}-{index}"), "wb") as file:
            file.write(plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
