"""The whole shop in memory, made from its settings."""

from dataclasses import dataclass

from benchmarks.shop.baskets import Lines, Orders, fill_baskets
from benchmarks.shop.behaviour import History, live
from benchmarks.shop.catalogue import Catalogue, make_catalogue
from benchmarks.shop.consents import Consent, created_seconds, make_consents
from benchmarks.shop.days import midnight
from benchmarks.shop.dirt import Dirt, more_consents, spoil_orders, spoil_people
from benchmarks.shop.marketing import Campaign, MailEvents, mail_events, make_campaigns
from benchmarks.shop.people import People, make_latent, make_people
from benchmarks.shop.settings import IntArray, ShopSettings, stream
from benchmarks.shop.web import Sessions, WebEvents, browse, open_sessions

BEGINNING = -(2**62)
"""Before everything: the first folder holds the whole history."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that happened, and the dirt to add when it is written down."""

    settings: ShopSettings
    people: People
    created: IntArray
    consents: list[Consent]
    catalogue: Catalogue
    campaigns: list[Campaign]
    history: History
    orders: Orders
    lines: Lines
    mail: MailEvents
    sessions: Sessions
    events: WebEvents
    dirt: Dirt


def make_shop(settings: ShopSettings) -> Shop:
    """Simulate the shop; the same settings give the same shop."""
    people = make_people(settings)
    spoil_people(settings, people)
    latent = make_latent(settings, people)
    catalogue, campaigns = make_catalogue(settings), make_campaigns()
    history = live(settings, people, latent, campaigns)
    orders, lines = fill_baskets(
        settings, people, latent, history, catalogue=catalogue, campaigns=campaigns
    )
    dirt = spoil_orders(settings, people, orders)
    mail = mail_events(stream(settings.seed, "mail"), history.sends, latent, history.unsubscribed)
    sessions = open_sessions(settings, people, history, orders, sends=history.sends, mail=mail)
    created = created_seconds(settings, people)
    consents = make_consents(settings, people, created, history.stopped_mail_on)
    consents += more_consents(settings, people)
    consents.sort(key=lambda row: row.second)
    return Shop(
        settings=settings,
        people=people,
        created=created,
        consents=consents,
        catalogue=catalogue,
        campaigns=campaigns,
        history=history,
        orders=orders,
        lines=lines,
        mail=mail,
        sessions=sessions,
        events=browse(settings, latent, catalogue, sessions, orders=orders, lines=lines),
        dirt=dirt,
    )


def spans(settings: ShopSettings) -> list[tuple[int, int]]:
    """Per folder, the half-open window of local seconds in which its rows became known."""
    cuts = [midnight(day) for day in settings.extract_dates]
    return list(zip([BEGINNING, *cuts[:-1]], cuts, strict=True))
