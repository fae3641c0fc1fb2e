"""The section `rest.paging` of a source: how the next page of an answer is asked for."""

from typing import Literal

from pydantic import Field, model_validator

from pipelines.specs.closed import Closed

_SIZE = frozenset({"size_parameter", "size"})
_ALLOWED = {  # the settings of each kind, beside `by` and `max_pages`
    "page": _SIZE | {"parameter", "first", "ends", "more", "total_pages", "total_records"},
    "offset": _SIZE | {"parameter", "first", "ends", "more", "total_records"},
    "cursor": _SIZE | {"parameter", "next", "more"},
    "next_url": _SIZE | {"next"},
    "link_header": _SIZE,
}
_REQUIRED = {"cursor": "next", "next_url": "next"}


class Paging(Closed):
    """How the next page is asked for, and which page is the last. Dotted paths lead into the
    answer: `meta.next`; a number is a place in a list, -1 the last: `data.-1.id`."""

    by: Literal["page", "offset", "cursor", "next_url", "link_header"]  # what leads on
    parameter: str | None = None  # sends the page, offset or cursor; named like that when absent
    first: int | None = Field(default=None, ge=0)  # the first page (1) or offset (0)
    size_parameter: str | None = None  # sends the size
    size: int | None = Field(default=None, ge=1, le=1_000_000)  # records in a full page
    next: str | None = None  # dotted path to the next cursor or url; absent or empty on the last
    more: str | None = None  # dotted path to false on the last page
    total_pages: str | None = None  # dotted path to the number of pages
    total_records: str | None = None  # dotted path to the number of records
    ends: Literal["empty", "short"] = "empty"  # without a total: the page that is the last
    max_pages: int = Field(default=10_000, ge=1, le=1_000_000)  # more stop the extract

    @model_validator(mode="after")
    def settings_fit_the_kind(self) -> "Paging":
        allowed = _ALLOWED[self.by] | {"by", "max_pages"}
        problems = [
            f"{name}: means nothing with `by: {self.by}`; allowed: {', '.join(sorted(allowed))}"
            for name in sorted(self.model_fields_set - allowed)
        ]
        needed = _REQUIRED.get(self.by)
        if needed and not getattr(self, needed):
            problems.append(f"{needed}: missing; `by: {self.by}` requires it")
        if self.size_parameter and self.size is None:
            problems.append("size: missing; `size_parameter` requires it")
        if self.ends == "short" and self.size is None:
            problems.append("size: missing; `ends: short` requires it")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def sends(self) -> str | None:
        """The parameter that carries the page, the offset or the cursor."""
        if self.by in {"next_url", "link_header"}:
            return None
        return self.parameter or self.by

    @property
    def sent(self) -> tuple[str, ...]:
        """The parameters that paging itself sends."""
        return tuple(name for name in (self.sends, self.size_parameter) if name)
