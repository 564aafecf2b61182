"""A device with a passkey, in a few lines: what a browser and its lock would send."""

import hashlib
import json
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "https://testserver"
FLAG = AuthenticatorData.FLAG


class Device:
    """Holds one passkey. `verifies` tells whether it asks for a face, a finger or a PIN."""

    def __init__(self, host: str = "testserver", verifies: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(16)
        self.host_hash = hashlib.sha256(host.encode()).digest()
        self.flags = FLAG.UP | (FLAG.UV if verifies else FLAG(0))

    def register(self, challenge: str) -> dict[str, Any]:
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        data = AuthenticatorData.create(self.host_hash, self.flags | FLAG.AT, 0, bytes(held))
        said = client_data("webauthn.create", challenge)
        return self.answer(
            clientDataJSON=said, attestationObject=bytes(AttestationObject.create("none", data, {}))
        )

    def sign(self, challenge: str, handle: str = "") -> dict[str, Any]:
        data = bytes(AuthenticatorData.create(self.host_hash, self.flags, 0))
        said = client_data("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            clientDataJSON=said, authenticatorData=data, signature=signature, userHandle=handle.encode()
        )

    def answer(self, **parts: bytes) -> dict[str, Any]:
        shown = websafe_encode(self.credential_id)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return {
            "type": "public-key",
            "id": shown,
            "rawId": shown,
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def client_data(kind: str, challenge: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN}).encode()


def give(person: Any, name: str = "My phone") -> Authenticator:
    """A passkey that this person has had for a while."""
    credential = Device().register(websafe_encode(os.urandom(32)))
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
    )
