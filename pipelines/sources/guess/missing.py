"""What no file of a folder was read as, and what a night is without it."""

from collections.abc import Iterator

from pipelines.sources.guess.file import File

_WITHOUT = {
    "order_lines": "no products, categories or prices are known of the orders",
    "contacts": "customers are known by the addresses of their orders only",
    "consents": "who agreed to be contacted is not known; contacting.lawful_basis decides then",
}
_SHOWN = 3
_CONSENT = ("optin", "optout", "blacklist", "unsubscribed", "newsletter", "consent", "subscriber")


def missing(files: list[File]) -> Iterator[str]:
    """A sentence for each entity that matters and has no source, the orders first."""
    there = {entity for file in files for entity in _entities(file)}
    if "orders" not in there:
        likely = [sentence for _, _, sentence in sorted(_candidates(files))[:_SHOWN]]
        ways = f" The likeliest files: {'; '.join(likely)}." if likely else ""
        yield f"orders, without which no night starts.{ways}"
    for entity, without in _WITHOUT.items():
        if entity not in there:
            said = [file for file in files if entity == "consents" and _speaks_of_consent(file)]
            named = ", ".join(file.series.path.rpartition("/")[2] for file in said[:_SHOWN])
            hint = f" By their names these may tell: {named}." if named else ""
            yield f"{entity}: {without}.{hint}"


def _speaks_of_consent(file: File) -> bool:
    """Whether the name of a file, or of one of its columns, speaks of who agreed or refused."""
    names = f"{file.shape.table} | {' | '.join(file.shape.words.values())}"
    padded = f" {names.replace('opt in', 'optin').replace('opt out', 'optout')} "
    return any(f" {word} " in padded for word in _CONSENT)


def _entities(file: File) -> Iterator[str]:
    if file.preset:
        yield from file.preset.entities
    elif not file.aside:
        yield file.fit.entity.name
        yield from ("consents" for _, aside in file.consents if not aside)


def _candidates(files: list[File]) -> Iterator[tuple[int, float, str]]:
    for file in files:
        fit = next((fit for fit in file.fits if fit.entity.name == "orders"), None)
        if fit and not file.preset and len(fit.missing) < len(fit.entity.required):
            lacks = f"nothing found for {', '.join(fit.missing)}" if fit.missing else "all found"
            yield len(fit.missing), -fit.score, f"{file.series.path} ({lacks})"
