"""The pages of a night: what they say is what the tables say, in both languages, about nobody."""

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from pydantic import BaseModel

from pipelines import reporting
from pipelines.errors import NotReady
from pipelines.ledger import Ledger
from pipelines.reporting import charts, svg
from pipelines.reporting.arrivals import without_values
from pipelines.reporting.words import Words
from pipelines.settings import Machine, Paths
from pipelines.specs.checks import CheckResult, Severity
from pipelines.specs.model import Model
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop
from tests.unit import reporting_world as world

VOID = {"meta", "br", "hr", "img", "link", "input"}
MODELS = {
    name: Model.model_validate(
        {
            "name": name,
            "title": {"en": f"Title of {name}", "fr": f"Titre de {name}"},
            "question": "Will they?",
            "trainer": "arm_effects" if name == "best_campaign" else "lightgbm",
            "horizon_days": 28,
            "naive_rule": "recency_days",
        }
    )
    for name in world.CARDS
}
SHOP = Shop.model_validate(
    {
        "shop": "sample",
        "title": "Chez <Jeanne> & Cie",
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "country": "FR",
        "sources": {
            "orders": {
                "entity": "orders",
                "path": "orders.csv",
                "format": "csv",
                "columns": {
                    "order_id": "id",
                    "ordered_at": "at",
                    "status": "status",
                    "total_amount": "total",
                    "email": "email",
                },
            }
        },
    }
)


class Outline(HTMLParser):
    """Keeps what has to be true of a well-formed page, and its visible text by element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.headings: list[int] = []
        self.figures: dict[str, str] = {}
        self.language = ""
        self._term = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "html":
            self.language = str(given["lang"])
        if tag == "svg" and given.get("role") == "img":
            self.labels.append(str(given["aria-labelledby"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass  # <path …/> opens nothing

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["dt"] and data.strip():
            self._term = data.strip()
        if self.open[-1:] == ["dd"]:
            self.figures[self._term] = data


def night_in(folder: Path) -> Night:
    return Night(world.NIGHT, SHOP, MODELS, Paths(folder), Machine())


def written(night: Night) -> dict[str, str]:
    return {
        str(path.relative_to(night.paths.site)): path.read_text(encoding="utf-8")
        for path in sorted(night.paths.site.rglob("*.*"))
    }


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    night = night_in(tmp_path_factory.mktemp("data"))
    world.publish(night.paths.published)
    reporting.report(night, Ledger(night.paths.ledger), world.CARDS)
    return night


@pytest.fixture(scope="module")
def pages(night: Night) -> dict[str, str]:
    return written(night)


def test_a_night_has_a_page_in_each_language_and_a_place_in_the_list(pages: dict[str, str]) -> None:
    assert list(pages) == [
        "as_of=2026-01-05/contact_base.en.html",
        "as_of=2026-01-05/contact_base.fr.html",
        "as_of=2026-01-05/index.en.html",
        "as_of=2026-01-05/index.fr.html",
        "index.html",
    ]
    assert 'href="as_of=2026-01-05/index.fr.html"' in pages["index.html"]


def test_pages_are_well_formed_and_every_chart_has_a_title(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        outline = Outline()
        outline.feed(page)
        assert outline.open == [], path
        assert len(outline.ids) == len(set(outline.ids)), path
        assert set(outline.labels) <= set(outline.ids), path
        assert outline.headings[0] == 1
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps), path
        assert outline.language in path or path == "index.html"
    assert pages["as_of=2026-01-05/index.fr.html"].count('role="img"') >= 8


def test_pages_load_nothing_and_run_nothing(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "http" not in page
        assert "<script" not in page
        assert "url(" not in page.replace("url(#", "")
        assert not re.search(r'\b(src|xlink:href)="', page)
        assert all(
            re.match(r'href="(#|\.\./index\.html|index\.|contact_base\.|as_of=)', link)
            for link in re.findall(r'href="[^"]*"', page)
        )


def test_pages_hold_no_address_and_no_value_of_a_record(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert world.PLANTED not in page
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w", page)
        assert "jeanne.martin" not in page


def test_what_the_shop_is_called_is_text_not_markup(pages: dict[str, str]) -> None:
    assert "Chez &lt;Jeanne&gt; &amp; Cie" in pages["index.html"]


def test_the_figures_are_those_of_the_tables(night: Night, pages: dict[str, str]) -> None:
    outline = Outline()
    outline.feed(pages["as_of=2026-01-05/index.en.html"])
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        row = con.execute("""
            select (select count(*) from marts.customer_360),
                (select count(distinct customer_id) from marts.contact_points
                 where is_contactable),
                (select sum(net_revenue_365d_amount) from marts.customer_360),
                count(*), count(*) filter (where is_slot and arm <> 'no_contact')
            from activation.decisions where as_of = date '2026-01-05'
        """).fetchall()[0]
    assert outline.figures == {
        "customers": f"{row[0]:,}",
        "customers who may be contacted": f"{row[1]:,}",
        "net revenue of the last 365 days": f"€{row[2]:,.0f}",
        "addresses decided about": f"{row[3]:,}",
        "campaigns chosen for addresses in turn": f"{row[4]:,}",
    }


def test_the_parts_say_what_the_tables_say(pages: dict[str, str]) -> None:
    text = re.sub(r"<[^>]+>", " ", pages["as_of=2026-01-05/index.en.html"])
    words = re.sub(r"\s+", " ", text)
    for sentence in (
        "crm_contacts contacts 4,012 4,000 12 0 0 0 31",
        "web visits: the latest extract is 3 days old (2 January 2026).",
        "Never received: stock, subscriptions.",
        "crm_contacts contacts updated_at not a date: … 9",
        "Noël 6.20% 4,000 4.80% 1,000 +1.40 +0.20 to +2.60",
        "Black Friday: everybody received it, there is nobody to compare with",
        "silence: too early; the next results can be measured from 19 January 2026.",
        "by +0.029 AUC (95 % interval +0.019 to +0.039)",
        "3 of 4 checks passed",
        "volume is usual warning 309 rows; expected at least 320",
        "2. 15 records were set aside."[3:],
        "load 5,449",
    ):
        assert sentence in words, sentence


def test_the_page_of_the_base_says_what_to_do_and_is_linked(pages: dict[str, str]) -> None:
    assert 'href="contact_base.en.html"' in pages["as_of=2026-01-05/index.en.html"]
    text = re.sub(r"<[^>]+>", " ", pages["as_of=2026-01-05/contact_base.en.html"])
    words = re.sub(r"\s+", " ", text)
    for sentence in (
        "Addresses that … E-mail SMS all addresses 4,000 1,334",
        "may be written to 74.0% 2,960 50.0% 667",
        "bounce 0.3% 12 –",
        "got a message in 91 days and never reacted 2.0% 80 –",
        "Date of birth · Web 250 €41,000 Phone number · Store 90 €9,000",
        "Store S01 40 €5,000 Store (other or unknown stores) 7 €700",
        "No reaction to e-mails · E-mail 400 messages in the last 91 days 120 €8.00",
    ):
        assert sentence in words, sentence
    assert "disposable" not in words
    assert "throw-away mailboxes" not in words  # nowhere so
    assert "S02" not in words  # of three people only


def test_the_rule_that_stands_in_is_said_plainly(pages: dict[str, str]) -> None:
    page = pages["as_of=2026-01-05/index.fr.html"]
    assert "La règle simple donne les scores" in page
    assert "Conditions pour donner des scores\u202f: 1 remplies sur 2" in page
    assert "AUC de 0,771 pour le modèle appris, de 0,769 pour la règle simple" in page


def test_cards_may_come_as_models(tmp_path: Path) -> None:
    class Card(BaseModel):
        kind: str = "no_effect"

    night = night_in(tmp_path)
    world.publish_empty(night.paths.published)
    reporting.report(night, Ledger(night.paths.ledger), {"best_campaign": Card()})
    assert "nothing learned yet" in written(night)["as_of=2026-01-05/index.en.html"]


def test_the_same_tables_give_the_same_bytes(
    night: Night, pages: dict[str, str], tmp_path: Path
) -> None:
    again = night_in(tmp_path)
    world.publish(again.paths.published)  # ops.runs has other times and durations
    reporting.report(again, Ledger(again.paths.ledger), world.CARDS)
    assert written(again) == pages


def test_the_page_of_all_checks_is_linked_when_it_is_there(tmp_path: Path) -> None:
    night = night_in(tmp_path)
    world.publish_empty(night.paths.published)
    target = night.paths.site / "checks" / "as_of=2026-01-05" / "index.html"
    link = 'href="../checks/as_of=2026-01-05/index.html"'
    reporting.report(night, Ledger(night.paths.ledger), {})
    assert link not in written(night)["as_of=2026-01-05/index.en.html"]
    target.parent.mkdir(parents=True)
    target.touch()
    reporting.report(night, Ledger(night.paths.ledger), {})
    assert link in written(night)["as_of=2026-01-05/index.en.html"]


def test_checks_made_after_publishing_come_from_the_ledger(tmp_path: Path) -> None:
    night = night_in(tmp_path)
    world.publish_empty(night.paths.published)
    ledger = Ledger(night.paths.ledger)
    failed = CheckResult("exports", "no_consent_column", Severity.CRITICAL, False, "1 rows found")
    ledger.record_checks(ledger.start(night.as_of, "export"), night.as_of, [failed])
    reporting.report(night, ledger, {})
    page = written(night)["as_of=2026-01-05/index.en.html"]
    assert "no consent column" in page
    assert "0 of 1 checks passed" in page


def test_a_first_night_with_nothing_to_show_has_a_page(tmp_path: Path) -> None:
    night = night_in(tmp_path)
    world.publish_empty(night.paths.published)
    reporting.report(night, Ledger(night.paths.ledger), {})
    page = written(night)["as_of=2026-01-05/index.en.html"]
    assert "No customer is known yet." in page
    assert "No campaign is open." in page
    assert "not trained yet" in page
    base = written(night)["as_of=2026-01-05/contact_base.en.html"]
    assert "No address is known yet." in base
    assert base.count("There is nothing to do here.") == 4


def test_the_file_of_another_night_is_refused(tmp_path: Path) -> None:
    night = night_in(tmp_path)
    with pytest.raises(NotReady, match="run `publish` of 2026-01-05 first"):
        reporting.report(night, Ledger(night.paths.ledger), {})
    world.publish(night.paths.published)
    with duckdb.connect(str(night.paths.published)) as con:
        con.execute("update marts.freshness set as_of = date '2026-01-06'")
    with pytest.raises(NotReady, match="holds the night of 2026-01-06"):
        reporting.report(night, Ledger(night.paths.ledger), {})
    assert not night.paths.site.exists()


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("not a date: '3/13/2026'", "not a date: …"),
        ("no consent for jeanne@exemple.fr here", "no consent for … here"),
        ("phone +33 6 12 34 56 78 is too long", "phone … is too long"),
        ("not one of paid, cancelled", "not one of paid, cancelled"),
        ("more than 18 digits", "more than 18 digits"),
    ],
)
def test_a_reason_is_shown_without_the_value_it_quotes(reason: str, shown: str) -> None:
    assert without_values(reason) == shown


def test_two_charts_of_a_page_share_no_id_and_no_colour_is_fixed() -> None:
    words = Words("fr", "EUR")
    rows = [{"bin": 3, "customers": 1200}]
    one, other = (charts.histogram(words, name, "Titre", rows) for name in ("one", "other"))
    ids = [set(re.findall(r'id="([^"]+)"', chart)) for chart in (one, other)]
    assert not ids[0] & ids[1]
    assert "#" not in one.replace("url(#", "")
    assert svg.INK not in one
    assert "1 000" in one.replace("\xa0", " ").replace("\u202f", " ")
