"""User Verification as an operator sets it up: a key pair, its public part at Salesforce, its fields with the org."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from simulator.clients import World
from simulator.configuration import VERIFIED_CLIENT, Row

KEY_SET, KEY_ID = "bridgeKeys", "bridge-1"
ISSUER, AUDIENCE = "bridge", "https://example.my.salesforce-scrt.com"


class Verification:
    """One key pair."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def register(self, world: World) -> None:
        """The public key, in the key set of the deployment with User Verification."""
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        keys = {"name": KEY_SET, "issuer": ISSUER, "audience": AUDIENCE, "keys": [{"kid": KEY_ID, "pem": pem}]}
        world.ask("PUT", "/enhanced", {"key_sets": [keys]})

    def fields(self) -> Row:
        """What the org's row has more of than an anonymous one's."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return {
            "es_developer_name": VERIFIED_CLIENT,
            "user_verification": "jwt",
            "verification_issuer": ISSUER,
            "verification_audience": AUDIENCE,
            "verification_key_id": KEY_ID,
            "verification_key": pem,
        }
