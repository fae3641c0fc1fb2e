"""What a request proves itself with, and the care that it is never shown."""

import base64
import re
from dataclasses import dataclass, field

from pipelines import settings
from pipelines.errors import SourceError
from pipelines.specs.rest import Rest


@dataclass(frozen=True, slots=True)
class Credentials:
    """`headers`: to send to the configured host, and to nobody else. `names`: the environment
    variables they come from."""

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
    values = [_value(where, name) for name in rest.secrets]
    names = " and ".join(rest.secrets)
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


def _value(where: str, name: str) -> str:
    value = (settings.secret(name) or "").strip()  # files and shells add line ends
    if not value:
        raise SourceError(
            f"{where}: the environment variable {name}, which `rest` names, is not set; set it to "
            "the secret"
        )
    return value


def _unsendable(where: str, names: str, allowed: str) -> SourceError:
    return SourceError(
        f"{where}: what the environment variable {names} holds cannot be sent; allowed: {allowed}"
    )
