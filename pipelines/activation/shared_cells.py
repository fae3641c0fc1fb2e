"""The cells that several files have: the key, the customer, the date."""

from pipelines.activation.cells import Cell, text
from pipelines.specs.night import Night


def file_name(kind: str, channel: str) -> str:
    """`scores.csv` or `removals.csv` for e-mail, `scores_sms.csv` … for the other channels."""
    return f"{kind}.csv" if channel == "email" else f"{kind}_{channel}.csv"


def key_cell(channel: str, sql: str = "p.address") -> Cell:
    if channel == "email":
        return Cell(
            "EMAIL", sql, "text",
            "Adresse e-mail : la clé d'import.",
            "E-mail address: the key of the import.",
            "claire@example.com",
        )  # fmt: skip
    if channel == "post":
        return Cell(
            "CONTACT_ID", sql, "text",
            "Identifiant du contact dans le CRM, qui connaît son adresse postale : la clé.",
            "Id of the contact in the CRM, which knows the postal address: the key.",
            "C100234",
        )  # fmt: skip
    return Cell(
        "PHONE", sql, "text",
        "Numéro de mobile (E.164) : la clé d'import.",
        "Mobile number (E.164): the key of the import.",
        "+33612345678",
    )  # fmt: skip


def customer_cell() -> Cell:
    return Cell(
        "CUSTOMER_ID", text("p.customer_id"), "text",
        "Identifiant client de Nocturne.",
        "Nocturne's id of the customer.",
        "c_0123456789abcdef",
    )  # fmt: skip


def as_of_cell(night: Night) -> Cell:
    return Cell(
        "AS_OF", f"'{night.as_of}'", "date",
        "Date des valeurs : ce que l'on savait ce jour-là à 0 h.",
        "Date of the values: what was known that day at 00:00.",
        values=(night.as_of.isoformat(),),
    )  # fmt: skip
