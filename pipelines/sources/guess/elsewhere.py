"""What a file lacks and another one has that names its records, or whose records it names: no
source reads two files, so it is to be joined in the export."""

from collections.abc import Sequence

from pipelines.sources.guess.file import File
from pipelines.sources.guess.relations import Reference

_WANTED = {"orders": ("total_amount", "ordered_at"), "products": ("name", "category")}


def tell_elsewhere(files: Sequence[File], related: Sequence[Reference]) -> None:
    """Say where it stands."""
    for file in files:
        fit = file.fit
        for ours in _WANTED.get(fit.entity.name, ()):
            if file.within or fit.columns.get(ours, "") not in ("", fit.columns.get("product_id")):
                continue
            told = [
                (like.likeness[ours], like.columns[ours], other)
                for other in _beside(file, files, related)
                if ours in (like := other.of(fit.entity.name)).columns
            ]
            if told:
                _, theirs, other = max(told, key=lambda each: each[0])
                fit.notes.append(
                    f"{ours}: {theirs} of {other.series.path.rpartition('/')[2]} may tell it; no "
                    "source reads two files, so join it in the export"
                )


def _beside(file: File, files: Sequence[File], related: Sequence[Reference]) -> list[File]:
    """The files that name its records, or whose records it names; the lines of orders apart."""
    shape = file.shape
    mine = [r for r in related if r.is_named and (r.child is shape or r.parent is shape)]
    shapes = {id(r.child) for r in mine} | {id(r.parent) for r in mine}
    return [
        other
        for other in files
        if id(other.shape) in shapes and other is not file and not other.within
        if other.fit.entity.name != "order_lines"
    ]
