"""Where a url leads: secrets and pages stay with one origin."""

from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a url; ValueError when it is none."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port


def shown(place: tuple[str, str, int]) -> str:
    """An origin as people write it."""
    scheme, host, port = place
    return f"{scheme}://{host}" + ("" if _PORTS.get(scheme) == port else f":{port}")
