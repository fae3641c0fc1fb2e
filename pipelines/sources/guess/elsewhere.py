"""What a file lacks and another one has that names its records, or whose records it names: no
source reads two files, so it is to be joined in the export."""

from collections.abc import Sequence

from pipelines.sources.guess.file import File
from pipelines.sources.guess.relations import Reference

_WANTED = {"orders": ("total_amount", "ordered_at"), "products": ("name", "category")}


def tell_elsewhere(files: Sequence[File], related: Sequence[Reference]) -> None:
    """Say where it stands."""
    by_shape = {id(file.shape): file for file in files}
    for file in files:
        fit, entity = file.fit, file.fit.entity.name
        for ours in _WANTED.get(entity, ()):
            if ours in fit.columns and fit.columns[ours] != fit.columns.get("product_id"):
                continue
            for reference in related:
                both = (reference.child, reference.parent)
                if fit.shape not in both or not reference.is_named or file.within:
                    continue
                other = by_shape[id(both[both[0] is fit.shape])]
                if not other.within and (theirs := other.of(entity).columns.get(ours)):
                    where = other.series.path.rpartition("/")[2]
                    fit.notes.append(
                        f"{ours}: {theirs} of {where} may tell it; no source reads two files, so "
                        "join it in the export"
                    )
                    break
