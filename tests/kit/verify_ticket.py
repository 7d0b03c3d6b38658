#!/usr/bin/python3
"""verify_ticket: verifies the text of a QR ticket. Shares no code with the product.

    verify_ticket.py --key COSE_KEY < TEXT       (COSE_KEY: base64, as `onestop ticket key` prints it)
    verify_ticket.py --keyset keyset.json < TEXT

Prints the claims as JSON. Exit 0 if the signature holds (time is not judged), 1 if not.
"""
import argparse
import base64
import hashlib
import json
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class Refused(Exception):
    pass


def base45(text):
    out = bytearray()
    for at in range(0, len(text), 3):
        part = text[at:at + 3]
        if len(part) == 1 or any(c not in LETTERS for c in part):
            raise Refused("not base45")
        value = sum(LETTERS.index(c) * 45 ** i for i, c in enumerate(part))
        if value >= 256 ** (len(part) - 1):
            raise Refused("not base45")
        out += value.to_bytes(len(part) - 1, "big")
    return bytes(out)


def key_of_cose(text):
    key = cbor2.loads(base64.b64decode(text, validate=True))
    if key.get(1) != 1 or key.get(3) != -8 or key.get(-1) != 6 or len(key.get(-2, b"")) != 32:
        raise Refused("not an Ed25519 COSE_Key")
    return {key[2]: key[-2]}


def keys_of_keyset(document):
    return {bytes.fromhex(k["kid"]): base64.b64decode(k["key"]) for k in document["signed"]["ticket_keys"]}


def verify(text, keys):
    """The claims, if the text is a ticket signed by one of `keys` (kid: 32 bytes)."""
    if not text.startswith("YZ1:"):
        raise Refused("another prefix")
    message = base45(text[4:])
    try:
        tagged = cbor2.loads(message)
        again = cbor2.dumps(tagged)     # a lone break mark is read, but cannot be written
    except Exception as error:
        raise Refused("not CBOR") from error
    if again != message:
        raise Refused("not the shortest CBOR, or bytes after it")
    if not isinstance(tagged, cbor2.CBORTag) or tagged.tag != 18 or not isinstance(tagged.value, list) \
            or len(tagged.value) != 4:
        raise Refused("not a COSE_Sign1")
    protected, unprotected, payload, signature = tagged.value
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)) or unprotected != {}:
        raise Refused("not a COSE_Sign1 of ours")
    try:
        header, claims = cbor2.loads(protected), cbor2.loads(payload)
    except Exception as error:
        raise Refused("not CBOR") from error
    if not isinstance(header, dict) or not isinstance(claims, dict) or set(header) != {1, 4} \
            or header[1] not in (-8, -19):
        raise Refused("another header")
    if not isinstance(header[4], bytes) or header[4] not in keys:
        raise Refused("unknown key")
    key = keys[header[4]]
    if hashlib.blake2b(key, digest_size=8).digest() != header[4]:
        raise Refused("the kid is another key's")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    except InvalidSignature as error:
        raise Refused("the signature does not hold") from error
    kind, hall, number, service, slot = claims[-65537]
    result = {"issuer": claims[1], "expires": claims[4], "issued": claims[6], "id": claims[7].hex(), "kind": kind,
              "hall": hall, "number": number, "service": service, "slot": slot}
    known = {1, 4, 6, 7, -65537}
    if kind == 2:
        known |= {-65538, -65539}
        result["case"] = claims[-65538]
        result["manifest"] = claims[-65539].hex()
    if set(claims) != known:
        raise Refused("other claims")
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--key")
    parser.add_argument("--keyset")
    options = parser.parse_args()
    text = sys.stdin.read()
    text = text[:-1] if text.endswith("\n") else text
    try:
        if options.keyset:
            with open(options.keyset, encoding="utf-8") as file:
                keys = keys_of_keyset(json.load(file))
        else:
            keys = key_of_cose(options.key)
        print(json.dumps(verify(text, keys)))
    except Refused as error:
        print("refused:", error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
