"""Keyed hashes: HMAC-SHA256 under the shop's hash key, in Python and as SQL. Who does not have the
key can neither tell what was hashed nor try a list of addresses. In one place, so that what the one
writes the other finds again."""

import hashlib
import hmac

_BLOCK = 64  # bytes, of SHA-256


def hashed(key: str, text: str) -> str:
    """The hash of a text, 64 hexadecimal digits."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def hashed_sql(text: str) -> str:
    """SQL: the hash of the text that an SQL expression gives; NULL for NULL. Run it with
    `parameters`: the key never becomes part of a statement."""
    return f"sha256($outer::blob || unhex(sha256($inner::blob || encode({text}))))"


def parameters(key: str) -> dict[str, bytes]:
    """What a statement with `hashed_sql` has to be given."""
    secret = key.encode()
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    secret = secret.ljust(_BLOCK, b"\0")
    return {"inner": bytes(b ^ 0x36 for b in secret), "outer": bytes(b ^ 0x5C for b in secret)}
