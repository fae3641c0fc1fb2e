"""Render the reference pages from the code: commands, settings, the input contract.

python -m docs.render
"""

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import click
from pydantic import BaseModel

from pipelines.cli.commands import PASSING, cli
from pipelines.sources.rules import LARGEST_AMOUNT
from pipelines.specs.contract import ENTITIES, Entity, Kind, Removal
from pipelines.specs.presets import Declaration
from pipelines.specs.shop import Shop

FOLDER = Path(__file__).parent


def pages() -> dict[str, str]:
    """File name → text of every rendered page."""
    return {
        "commands.md": commands(),
        "settings.md": settings(),
        "contract.md": contract(),
    }


def commands() -> str:
    """The help text of every command, as the terminal shows it."""
    parts = ["# Commands\n", "Rendered from the code; `nocturne COMMAND --help` says the same.\n"]
    context = click.Context(cli, info_name="nocturne", terminal_width=88, max_content_width=88)
    parts.append(f"```text\n{cli.get_help(context)}\n```\n")
    return "\n".join([*parts, *_commands_of(cli, context), ENVIRONMENT + EXIT_CODES])


def _commands_of(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.commands[name]
        inner = click.Context(command, info_name=name, parent=context, terminal_width=88)
        inner.max_content_width = 88
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield f"## {inner.command_path}\n\n```text\n{command.get_help(inner)}\n```\n"
        if isinstance(command, click.Group):
            yield from _commands_of(command, inner)


ENVIRONMENT = """## Environment variables

| variable | meaning | default |
|---|---|---|
| NOCTURNE_CONFIG | the shop's configuration | config/sample.yml |
| NOCTURNE_DATA_DIR | where runs write everything | data/ of the checkout |
| NOCTURNE_HASH_KEY | the key of groups and pseudonyms (see `hash_key`) | none |
| NOCTURNE_THREADS | threads of DuckDB | 2 |
| NOCTURNE_MEMORY_LIMIT | memory of DuckDB, for example 8GB | 4GB |
"""


EXIT_CODES = f"""
## Exit codes

| code | meaning |
|---|---|
| 0 | done, or done already |
| 1 | stopped: what was printed has to be mended first |
| 2 | no such command or option |
| {PASSING} | it will pass: run the same again later (an extract is awaited, a lock held …) |
| 130 | interrupted |
"""


def settings() -> str:
    """Every setting of `config/<shop>.yml`."""
    parts = [
        "# Settings of `config/<shop>.yml`\n",
        "Rendered from the code. The schema is closed: an unknown setting is an error, and reading"
        " the file\nreports every mistake at once. Secrets are named here and live in environment"
        " variables\nor in Airflow's connections ([secrets](connectors/secrets.md)).\n",
    ]
    titles: dict[type[BaseModel], str] = {
        Shop: "The file",
        Declaration: "A preset: `config/presets/<name>/preset.yml`",
    }
    models: list[type[BaseModel]] = [*_models(Shop), Declaration]
    for model in models:
        title = titles.get(model, model.__name__)
        doc = inspect.cleandoc(model.__doc__ or "")
        notes = _notes(model)
        parts.append(f"## {title}\n\n{doc}\n")
        parts.append("| setting | allowed | default | meaning |\n|---|---|---|---|")
        for name, field in model.model_fields.items():
            if field.is_required():
                default = "required"
            else:
                value = field.get_default(call_default_factory=True)
                default = "see below" if isinstance(value, BaseModel) else f"`{value!r}`"
            allowed = _type(field.annotation)
            parts.append(f"| {name} | {allowed} | {default} | {notes.get(name, '')} |")
        parts.append("")
    return "\n".join(parts)


def contract() -> str:
    """Every entity and column of the input contract."""
    parts = [
        "# The input contract\n",
        textwrap.dedent(f"""\
            Rendered from the code. Map your extracts to these entities in `config/<shop>.yml`
            (`columns: {{canonical: theirs}}`; `name.en_US` is within the JSON of a column). Several
            sources may feed one entity (ids of two counters are told apart by `prefixes`,
            else the later record takes the other's place), and several may read one file (consents
            from a column of the contacts). Columns that the contract does not know are kept in
            `raw` (column `extra`) and listed. A record that does not meet the contract is
            quarantined with its file, line, column and reason; an e-mail or phone that cannot be
            read becomes empty and is counted. Times without an offset are read in the
            source's `time_zone`; when clocks go back, the repeated hour is read as winter time, and
            when they go forward, a time that does not exist as one hour later. Amounts beyond
            {LARGEST_AMOUNT:,} are quarantined.

            An extract dated D holds what was known at D 00:00; the night of D reads those up to D
            that no earlier night has read. The first brings the whole history, later ones what is
            new or changed, or everything once more.

            `stock` is published with its age; `stores`, `subscriptions` and `attributes` are
            checked and staged, and no feature uses them yet.
            """),
    ]
    for entity in ENTITIES.values():
        parts.append(f"## {entity.name}\n")
        parts.append(f"One record per {', '.join(entity.key)}; the latest supersedes.\n")
        for group in entity.one_of:
            parts.append(f"At least one of {', '.join(group)} must be filled.\n")
        if entity.when_removed:
            parts.append(f"{_gone(entity.when_removed, entity)}\n")
        parts.append("| column | kind | required | allowed |\n|---|---|---|---|")
        for column in entity.columns:
            needed = "yes" if column.required else ""
            limits = ", ".join(column.allowed)
            if column.non_negative:
                limits = "not negative"
            parts.append(f"| {column.name} | {column.kind} | {needed} | {limits} |")
        parts.append("")
    return "\n".join(parts)


def _gone(removal: Removal, entity: Entity) -> str:
    """What a record of an entity says once a snapshot no longer has it."""
    is_date = entity.column(removal.column).kind is Kind.DATE
    said = removal.value or ("the day before" if is_date else "00:00 of that day")
    unless = f", unless it is {' or '.join(removal.unless)}" if removal.unless else ""
    at = f"; {removal.at}: 00:00 of that day" if removal.at else ""
    return f"No longer in a [snapshot](connectors/file.md): {removal.column} is {said}{unless}{at}."


def _models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """`root` and the models nested in it, each once, in reading order."""
    seen: list[type[BaseModel]] = [root]
    for model in seen:
        yield model
        for field in model.model_fields.values():
            for nested in _leaves(field.annotation):
                if isinstance(nested, type) and issubclass(nested, BaseModel):
                    seen += [] if nested in seen else [nested]


def _leaves(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        yield from _leaves(argument)


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin in {Union, types.UnionType}:
        return " or ".join(_type(a) for a in arguments if a is not type(None))
    if origin is dict:
        return f"{_type(arguments[0])} → {_type(arguments[1])}"
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if arguments and not isinstance(annotation, type):
        return ", ".join(f"`{a}`" for a in arguments).replace("|", "\\|")
    return str(getattr(annotation, "__name__", annotation))


def _notes(model: type[BaseModel]) -> dict[str, str]:
    """The comment at the end of each setting's line, where the code says what it means."""
    source = inspect.getsource(model)
    lines = source.splitlines()
    body = ast.parse(textwrap.dedent(source)).body[0]
    assert isinstance(body, ast.ClassDef)
    notes = {}
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            comment = re.search(r"  # (.*)$", lines[(node.end_lineno or 1) - 1])
            notes[node.target.id] = comment.group(1) if comment else ""
    return notes


def main() -> None:
    """Write the pages beside this file."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
