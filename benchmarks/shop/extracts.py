"""The folders of extracts: what each tool would have handed over on each date."""

from pathlib import Path

from benchmarks.shop import crm_extracts, mail_extracts, trade_extracts, web_extracts
from benchmarks.shop.shop import Shop, spans


def write_extracts(shop: Shop, out: Path) -> list[Path]:
    """Write `out/extracts/<date>/<file>`; returns the folders."""
    folders = []
    for number, (day, span) in enumerate(
        zip(shop.settings.extract_dates, spans(shop.settings), strict=True)
    ):
        folder = out / "extracts" / day.isoformat()
        crm_extracts.write_contacts(shop, number, span, folder / "contacts.csv")
        crm_extracts.write_consents(shop, number, span, folder / "consents.csv")
        trade_extracts.write_orders(shop, number, span, folder / "orders.csv")
        trade_extracts.write_order_lines(shop, number, span, folder / "order_lines.csv")
        trade_extracts.write_products(shop, folder / "products.csv")
        trade_extracts.write_stock(shop, number, span, folder / "stock.csv")
        trade_extracts.write_stores(folder / "stores.csv")
        web_extracts.write_web_events(shop, number, span, folder / "web_events.jsonl.gz")
        mail_extracts.write_campaigns(shop, folder / "campaigns.csv")
        mail_extracts.write_aliases(shop, folder / "campaign_aliases.csv")
        mail_extracts.write_sends(shop, span, folder / "campaign_sends.csv.gz")
        mail_extracts.write_events(shop, span, folder / "campaign_events.csv.gz")
        mail_extracts.write_exclusions(shop, folder / "exclusions.csv")
        mail_extracts.write_attributes(shop, span, folder / "attributes.csv")
        folders.append(folder)
    return folders
