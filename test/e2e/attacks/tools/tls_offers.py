"""Tries TLS handshakes that a careful server refuses, each from an address of its own.

Input: {"sources", "target", "port"}. Output: {offer: what was agreed, or null when it was refused}; the first offer, "sound",
is one that a careful server takes.
"""

import json
import socket
import ssl
import sys

V = ssl.TLSVersion
OFFERS = {
    "sound": (V.TLSv1_2, V.TLSv1_3, "ECDHE+AESGCM"),
    "TLS 1.0": (V.TLSv1, V.TLSv1, "ALL"),
    "TLS 1.1": (V.TLSv1_1, V.TLSv1_1, "ALL"),
    "no certificate (aNULL)": (V.TLSv1_2, V.TLSv1_2, "aNULL"),
    "no encryption (eNULL)": (V.TLSv1_2, V.TLSv1_2, "eNULL"),
    "no forward secrecy (kRSA)": (V.TLSv1_2, V.TLSv1_2, "kRSA"),
    "CBC": (V.TLSv1_2, V.TLSv1_2, "AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA"),
    "SHA-1 signatures": (V.TLSv1_2, V.TLSv1_2, "SHA1"),
}


def handshake(source, target, port, lowest, highest, ciphers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version, context.maximum_version = lowest, highest
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    try:
        with socket.create_connection((target, port), timeout=2, source_address=(source, 0)) as plain:
            with context.wrap_socket(plain) as tls:
                return f"{tls.version()} {tls.cipher()[0]}"
    except OSError:
        return None


def main(sources, target, port):
    print(json.dumps({name: handshake(source, target, port, *OFFERS[name]) for name, source in zip(OFFERS, sources)}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
