"""Pages of what the checks of a night found, for the people who look after the data.

Great Expectations' own Data Docs are not used: they load styles and scripts from seven other
hosts, carry the time they were built, and cost the library's import (5–15 s) once more. Built from
the results that `auditor` kept, a page takes milliseconds, works offline and has the same bytes
each time."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.specs.checks import CheckResult


def keep(
    docs_dir: Path,
    door: str,
    table: str,
    results: Sequence[CheckResult],
    asked: dict[str, Any],
) -> None:
    """Write the results of one door on one table to `docs_dir`; a later audit of the two replaces
    them. `asked` holds each check's expectation configuration; the messages of failed queries are
    left out, because they may quote a value."""
    content = {
        "door": door,
        "table": table,
        "checks": [
            {
                "name": result.name.replace("_", " "),
                "severity": result.severity.value,
                "success": result.success,
                "observed": result.observed,
                "expectation": _asked(asked.get(result.name)),
            }
            for result in results
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    _write(docs_dir / f"{door}.{table}.json".replace("/", "_"), text)


def data_docs(docs_dir: Path, site: Path, as_of: date) -> Path | None:
    """Build `site`/as_of=D/index.html from the results kept in `docs_dir`; its path, or None when
    no door kept any. `site` is the folder `checks` of the site."""
    audits = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(docs_dir.glob("*.json"))
    ]
    if not audits:
        return None
    environment = Environment(
        loader=PackageLoader("pipelines.contracts", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    checks = [check for audit in audits for check in audit["checks"]]
    page = environment.get_template("checks.html.j2").render(
        as_of=as_of.isoformat(),
        audits=audits,
        count=len(checks),
        doors=len({audit["door"] for audit in audits}),
        failed=sum(not check["success"] for check in checks),
    )
    path = site / f"as_of={as_of}" / "index.html"
    _write(path, page)
    return path


def _asked(configuration: Any) -> str:
    """The expectation and its arguments, in one line."""
    from pipelines.contracts import expectations

    if configuration is None:
        return ""
    arguments = {
        name: value
        for name, value in sorted(configuration.kwargs.items())
        if name != "batch_id" and value is not None and value is not False
    }
    if "query" in arguments:
        arguments["query"] = expectations.unescaped(arguments["query"])
    listed = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    return f"{configuration.type} ({listed})"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
