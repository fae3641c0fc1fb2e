"""What has changed in the columns of a source since its earlier extracts, from their names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.landing import Partition
from pipelines.sources import columns
from pipelines.sources.prepare import Extract
from pipelines.specs.source import Source

_SPARSE = ("json", "jsonl")  # a record leaves away what it has no value for


@dataclass(frozen=True, slots=True)
class Seen:
    """The columns of the extracts of a day, by their own names."""

    day: date
    columns: frozenset[str]

    @classmethod
    def of(cls, partition: Partition) -> "Seen":
        """What a manifest says."""
        names = (name for file in partition.files for name in file.columns)
        return cls(partition.extract_date, frozenset(names))


@dataclass(frozen=True, slots=True)
class Gone:
    """A mapped column that was there once. `since`: the day of the first extract without it;
    `nearest`: the unmapped column that it may have become."""

    column: str
    since: date
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """`gone`: they are empty in tonight's records. `never`: mapped columns that were in no extract
    so far, a mistake of the mapping. `new`: unmapped columns that were in no extract so far, each
    with the one that has left since the latest and that it may have been."""

    gone: tuple[Gone, ...] = ()
    never: tuple[str, ...] = ()
    new: tuple[tuple[str, str | None], ...] = ()


def of(source: Source, partition: Partition, held: Sequence[Partition]) -> Drift:
    """The drift of a partition from those `held` of earlier days; none where nothing was read."""
    if not any(file.columns for file in partition.files):
        return Drift()
    before = [Seen.of(p) for p in held if p.extract_date < partition.extract_date]
    return drift(source, before, Seen.of(partition))


def drift(source: Source, before: Sequence[Seen], tonight: Seen) -> Drift:
    """Compare tonight's extract with the earlier ones, `before`, oldest first. Of a first extract
    nothing is new. JSON records may leave any key away, so only those count as gone that seem to
    have got another name."""
    mapped = list(dict.fromkeys(source.columns.values()))
    known = frozenset[str]().union(*(seen.columns for seen in before))
    absent = [column for column in mapped if column not in tonight.columns]
    unmapped = sorted(tonight.columns - set(mapped))
    new = [column for column in unmapped if column not in known] if before else []
    left = before[-1].columns - tonight.columns if before else frozenset()
    is_sparse = source.reads_as in _SPARSE
    gone = [
        Gone(column, _since(column, before, tonight.day), columns.near(column, unmapped))
        for column in absent
        if column in known and (not is_sparse or columns.near(column, new))
    ]
    never = [] if is_sparse else [column for column in absent if column not in known]
    return Drift(
        gone=tuple(gone),
        never=tuple(never),
        new=tuple((column, columns.near(column, left)) for column in new),
    )


def _since(column: str, before: Sequence[Seen], tonight: date) -> date:
    since = tonight
    for seen in reversed(before):
        if column in seen.columns:
            break
        since = seen.day
    return since


def refuse(
    extract: Extract, source: Source, partition: Partition, held: Sequence[Partition]
) -> None:
    """SourceError when a mapped column of a partition has never been there: the mapping is wrong.
    What a preset calls optional may never come."""
    never = () if source.preset else of(source, partition, held).never
    if never:
        mapped = {ours: column for ours, column in source.columns.items() if column in never}
        present = list(dict.fromkeys(c for file in partition.files for c in file.columns))
        columns.require(extract, source.model_copy(update={"columns": mapped}), present)


def sentences(name: str, source: Source, found: Drift) -> Iterator[str]:
    """What to tell of a source tonight, a sentence each."""
    for gone in found.gone:
        ours = ", ".join(ours for ours, theirs in source.columns.items() if theirs == gone.column)
        nearest = f"; nearest: {gone.nearest!r}" if gone.nearest else ""
        yield (
            f"source {name!r}: column {gone.column!r} is gone since {gone.since}{nearest}; {ours} "
            "is empty meanwhile: have the column back, or correct the mapping"
        )
    if found.new:
        told = [f"{new!r}" + (f" (was {old!r}?)" if old else "") for new, old in found.new]
        yield f"source {name!r}: new columns, which nothing maps: {', '.join(told)}"


def facts(drifts: Mapping[str, Drift]) -> dict[str, str]:
    """The same for the facts of a run, by source; empty texts where nothing has changed."""
    gone = [f"{name}.{gone.column}" for name, found in drifts.items() for gone in found.gone]
    new = [f"{name}.{column}" for name, found in drifts.items() for column, _ in found.new]
    return {"gone_columns": ", ".join(gone), "new_columns": ", ".join(new)}
