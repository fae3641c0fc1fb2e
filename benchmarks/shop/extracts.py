"""What each tool hands over on a date: the tables of a block, of what became known since the last
extract."""

import polars as pl

from benchmarks.shop import crm_extracts, forms, mail_extracts, trade_extracts, web_extracts
from benchmarks.shop.block import Block
from benchmarks.shop.columns import Span
from benchmarks.shop.days import DAY
from benchmarks.shop.state import State

FORMS: dict[str, forms.Form] = {
    **crm_extracts.FORMS,
    **trade_extracts.FORMS,
    **web_extracts.FORMS,
    **mail_extracts.FORMS,
}
FRENCH = ("contacts", "consents")
"""Written as French tools do."""


def form_of(name: str, drift: int) -> forms.Form:
    """The form of a table so many days after the first extract."""
    form = FORMS[name]
    if name == "contacts" and drift >= crm_extracts.NEW_COLUMN_FROM:
        return {**form, "SEGMENT_AGENCE": forms.TEXT}
    if name == "orders" and drift >= trade_extracts.RENAMED_FROM:
        return {"promo_code" if column == "coupon" else column: f for column, f in form.items()}
    return form


def tables(block: Block, state: State, span: Span, drift: int) -> dict[str, pl.DataFrame]:
    """The tables of a block. `drift`: days since the first extract."""
    return {
        "contacts": crm_extracts.contacts(block, state, span, drift),
        "consents": crm_extracts.consents(block, state, span),
        "subscriptions": crm_extracts.subscriptions(block, state, span),
        "attributes": crm_extracts.attributes(block, span),
        "exclusions": crm_extracts.exclusions(block),
        "orders": trade_extracts.orders_of(block, state.log("orders"), span, drift),
        "order_lines": trade_extracts.lines_of(block, state.log("lines"), span),
        "web_events": web_extracts.events_of(block, state.log("events"), span),
        "campaign_sends": mail_extracts.sends_of(block, state.log("sends"), span),
        "campaign_events": mail_extracts.reports_of(block, state, span),
    }


def forget(state: State, span: Span) -> None:
    """Cut the logs back to what later extracts can tell."""
    orders, events = state.log("orders"), state.log("events")
    state.keep("orders", trade_extracts.last_change(orders) >= span.end)
    state.keep("lines", state.log("lines")["known"] >= span.end)
    for name in ("consents", "subscriptions", "reports"):
        state.keep(name, state.log(name)["second"] >= span.end)
    again = events["second"] >= span.end - web_extracts.RESENT_DAYS * DAY
    state.keep("events", again | (events["known"] >= span.end))
    state.keep(
        "sends", state.log("sends")["second"] >= span.end - mail_extracts.REPORTED_DAYS * DAY
    )
