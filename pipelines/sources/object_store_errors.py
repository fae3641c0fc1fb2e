"""What an object store's answer means for the user."""

import re

from pipelines.errors import NocturneError, SourceError, TransientError

_MEND = {
    "NoSuchBucket": "there is no such bucket; correct `path`",
    "InvalidAccessKeyId": "the access key is not known; check the variables under `access`",
    "SignatureDoesNotMatch": "the secret key is wrong; check the variables under `access`",
    "ExpiredToken": "the token has expired; renew the one under `access.token`",
    "PermanentRedirect": "the bucket is in another region; set `access.region`",
    "AuthorizationHeaderMalformed": "the region is wrong; set `access.region`",
}


def sentence(label: str, text: str, *, has_keys: bool) -> NocturneError:
    """The error to raise for the library's `text`, which is long and may name more than it should:
    of it, only status and code are told."""
    code = re.search(r"<Code>(\w+)</Code>", text)
    status = re.search(r"status code: (\d{3})", text)
    found = ", ".join(match[1] for match in (status, code) if match)
    if code and code[1] in _MEND:
        return SourceError(f"{label}: {_MEND[code[1]]} (the answer was {found})")
    if status and status[1] in ("401", "403"):
        return SourceError(
            f"{label}: may not be read with these keys (the answer was {found}); check the "
            "variables under `access`, and have listing and reading allowed"
        )
    if status and status[1] in ("301", "400", "404", "405"):
        return SourceError(
            f"{label}: does not answer as a bucket (the answer was {found}); correct `path`, "
            "`access.endpoint` or `access.region`"
        )
    asked = "" if has_keys else "; without keys under `access`, this machine's own were looked for"
    return TransientError(
        f"{label}: cannot be reached or broke off ({found or 'no answer'}){asked}; run again, and "
        "if it stays so check `access.endpoint` and the network"
    )
