"""What a request proves itself with, and the care that it is never shown."""

import base64
import re
from dataclasses import dataclass, field

from pipelines.errors import SourceError
from pipelines.sources.secrets import given
from pipelines.specs.rest import Rest


@dataclass(frozen=True, slots=True)
class Credentials:
    """`headers`: to send to the configured host, and to nobody else. `names`: of the secrets they
    come from."""

    headers: dict[str, str] = field(repr=False)
    names: str
    _secrets: tuple[str, ...] = field(repr=False)

    def hide(self, text: str) -> str:
        """`text` without the secrets, should an API have repeated them."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def credentials(where: str, rest: Rest) -> Credentials:
    """The credentials that `rest` names. SourceError, which begins with `where`, when one is not
    set or cannot be sent."""
    values = [
        given(where, name, part, "the secret that `rest` names").strip()
        for name, part in rest.secrets
    ]
    names = " and ".join(name for name, _ in rest.secrets)
    if rest.token:
        if not re.fullmatch(r"[\x20-\x7e]+", values[0]):
            raise _unsendable(where, names, "one line of ASCII text")
        sent = f"{rest.token.scheme} {values[0]}".strip()
        return Credentials({rest.token.header: sent}, names, (values[0],))
    if rest.basic:
        if ":" in values[0]:
            raise _unsendable(where, rest.basic.user, "a user without a colon")
        packed = base64.b64encode(":".join(values).encode()).decode()
        return Credentials({"Authorization": f"Basic {packed}"}, names, (packed, *values))
    return Credentials({}, "", ())


def _unsendable(where: str, names: str, allowed: str) -> SourceError:
    return SourceError(f"{where}: what {names} holds cannot be sent; allowed: {allowed}")
