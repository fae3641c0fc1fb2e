"""What each tool hands over on a date: the tables of a block, of what became known since the last
extract."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.world import addresses, forms
from benchmarks.world.addresses import AGAIN, DOUBLE, MAIN
from benchmarks.world.browsing import APP_ACTIVITY, EVENT_NAMES, PAGE_VIEW, PURCHASE, SIGN_IN
from benchmarks.world.campaigns import EMAIL
from benchmarks.world.catalogue import CATEGORIES, CITIES, STORES
from benchmarks.world.days import DAY, NEVER, midnight
from benchmarks.world.living import Block
from benchmarks.world.mailing import EVENT_NAMES as MAIL_EVENTS
from benchmarks.world.mailing import OPEN
from benchmarks.world.people import MARKETPLACE, PHONE, STORE
from benchmarks.world.settings import BoolArray, IntArray, chance, mixed
from benchmarks.world.state import State, Table

CHANNELS = ("site", "appli", "boutique", "telephone", "marketplace")
STATUSES = ("En attente", "Payée", "Expédiée", "Livrée", "Remboursée", "Annulée")
SOURCES = ("site", "boutique", "parrainage", "jeu-concours", "salon")
PAGES = ("/", "/nouveautes", "/soldes", "/marques")
DEVICES = ("mobile", "desktop", "tablet", "app")
RESENT_DAYS = 3
FOR_EVER = -(2**61)
"""Before everything: the first extract tells the whole history."""
NEW_COLUMN_FROM, RENAMED_FROM = 2, 60
"""The schema drifts: so many days after the first extract the CRM adds a column, and the shop
system calls `coupon` `promo_code`."""

FORMS: dict[str, forms.Form] = {
    "contacts": {
        "ID_CLIENT": forms.TEXT, "DATE_MAJ": forms.LOCAL, "DATE_CREATION": forms.LOCAL,
        "EMAIL": forms.TEXT, "TELEPHONE": forms.TEXT, "PRENOM": forms.TEXT, "NOM": forms.TEXT,
        "DATE_NAISSANCE": forms.DATE, "CIVILITE": forms.TEXT, "CODE_POSTAL": forms.TEXT,
        "VILLE": forms.TEXT, "PAYS": forms.TEXT, "LANGUE": forms.TEXT, "NUM_CARTE": forms.TEXT,
        "STATUT_FIDELITE": forms.TEXT, "ORIGINE": forms.TEXT, "SUPPRIME": forms.TEXT,
        "POINTS": forms.INTEGER, "PANIER_MOYEN": forms.EUROS, "MAGASIN_PREFERE": forms.TEXT,
        "COMMENTAIRE": forms.TEXT,
    },
    "consents": {
        "ID_CLIENT": forms.TEXT, "CANAL": forms.TEXT, "STATUT": forms.TEXT,
        "DATE_STATUT": forms.LOCAL, "FINALITE": forms.TEXT, "SOURCE": forms.TEXT,
    },
    "orders": {
        "order_number": forms.TEXT, "placed_at": forms.OFFSET, "updated_at": forms.OFFSET,
        "status": forms.TEXT, "channel": forms.TEXT, "customer_id": forms.TEXT,
        "customer_email": forms.TEXT, "customer_phone": forms.TEXT, "loyalty_card": forms.TEXT,
        "currency": forms.TEXT, "total": forms.EUROS, "discount": forms.EUROS,
        "shipping": forms.EUROS, "tax": forms.EUROS, "coupon": forms.TEXT, "store": forms.TEXT,
        "cancelled_at": forms.OFFSET,
    },
    "order_lines": {
        "order_number": forms.TEXT, "line": forms.INTEGER, "sku": forms.TEXT, "qty": forms.INTEGER,
        "unit_price": forms.EUROS, "discount": forms.EUROS, "returned_at": forms.OFFSET,
    },
    "web_events": {
        "event.id": forms.TEXT, "event.name": forms.TEXT, "ts": forms.UTC, "visitor": forms.TEXT,
        "session": forms.TEXT, "user.id": forms.TEXT, "user.email": forms.TEXT,
        "item.id": forms.TEXT, "item.category": forms.TEXT, "order": forms.TEXT,
        "page": forms.TEXT, "utm.source": forms.TEXT, "utm.medium": forms.TEXT,
        "utm.campaign": forms.TEXT, "device": forms.TEXT, "consent": forms.TEXT,
    },
    "campaign_sends": {
        "campaign_id": forms.TEXT, "contact_id": forms.TEXT, "email": forms.TEXT,
        "sent_at": forms.UTC, "send_id": forms.TEXT, "arm": forms.TEXT,
        "assignment_probability": forms.RATE, "variant": forms.TEXT,
    },
    "campaign_events": {
        "campaign_id": forms.TEXT, "send_id": forms.TEXT, "contact_id": forms.TEXT,
        "email": forms.TEXT, "event": forms.TEXT, "occurred_at": forms.UTC,
        "is_machine": forms.TEXT,
    },
    "subscriptions": {
        "subscription_id": forms.TEXT, "contact_id": forms.TEXT, "plan": forms.TEXT,
        "trial_started_at": forms.OFFSET, "trial_ends_at": forms.OFFSET,
        "converted_at": forms.OFFSET, "cancelled_at": forms.OFFSET, "monthly_amount": forms.EUROS,
    },
    "attributes": {
        "email": forms.TEXT, "name": forms.TEXT, "value": forms.TEXT, "observed_at": forms.UTC,
        "provider": forms.TEXT,
    },
    "exclusions": {
        "email": forms.TEXT, "contact_id": forms.TEXT, "reason": forms.TEXT, "until": forms.TEXT,
    },
}  # fmt: skip
FRENCH = ("contacts", "consents")


@dataclass(frozen=True, slots=True)
class Span:
    """What became known in `begin` ≤ local seconds < `end`, told on the day `end` begins."""

    begin: int
    end: int
    day: int

    def has(self, seconds: IntArray) -> BoolArray:
        return (seconds >= self.begin) & (seconds < self.end)


def form_of(name: str, drift: int) -> forms.Form:
    """The form of a table so many days after the first extract."""
    form = FORMS[name]
    if name == "contacts" and drift >= NEW_COLUMN_FROM:
        return {**form, "SEGMENT_AGENCE": forms.TEXT}
    if name == "orders" and drift >= RENAMED_FROM:
        return {"promo_code" if column == "coupon" else column: f for column, f in form.items()}
    return form


def span_of(day: int, first: bool) -> Span:
    """The span of the extract of a day."""
    return Span(FOR_EVER if first else midnight(day - 1), midnight(day), day)


def tables(block: Block, state: State, span: Span, drift: int) -> dict[str, pl.DataFrame]:
    """The tables of a block. `drift`: days since the first extract."""
    orders = state.log("orders")
    return {
        "contacts": _contacts(block, state, span, drift),
        "consents": _consents(block, state, span),
        "orders": _orders(block, orders, span, drift),
        "order_lines": _lines(block, state.log("lines"), orders, span),
        "web_events": _events(block, state.log("events"), span),
        "campaign_sends": _sends(block, state.log("sends"), span),
        "campaign_events": _reports(block, state, span),
        "subscriptions": _subscriptions(block, state, span),
        "attributes": _attributes(block, span),
        "exclusions": _exclusions(block),
    }


def forget(state: State, span: Span) -> None:
    """Cut the logs back to what later extracts can tell."""
    orders = state.log("orders")
    if orders:
        ends = _last_change(orders)
        state.keep("orders", (ends >= span.end) | (orders["placed"] >= span.end - 3 * DAY))
        state.keep("lines", state.log("lines")["known"] >= span.end)
    for name, column in (
        ("consents", "second"),
        ("subscriptions", "second"),
        ("reports", "second"),
    ):
        if state.log(name):
            state.keep(name, state.log(name)[column] >= span.end)
    if state.log("events"):
        kept = state.log("events")["second"] >= span.end - (RESENT_DAYS + 1) * DAY
        state.keep("events", kept | (state.log("events")["known"] >= span.end))
    if state.log("sends"):
        state.keep("sends", state.log("sends")["second"] >= span.end - 12 * DAY)


def _chosen(table: Table, mask: BoolArray) -> Table:
    return {name: values[mask] for name, values in table.items()}


def _days(seconds: IntArray) -> IntArray:
    """Day indices of local seconds."""
    return (seconds - midnight(0)) // DAY


def _records(
    block: Block, state: State, span: Span, record: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Who has a CRM record of this sort that is new or changed: person, sort, second in which it was
    made and in which it was changed."""
    people = block.people
    since = {MAIN: people.arrival, DOUBLE: people.doubled_on, AGAIN: people.returns_on}[record]
    who = np.flatnonzero(people.has_account & (since < span.day) & (people.arrival < span.day))
    born = addresses.created(people, who, np.full(len(who), record))
    changed = born
    if record != DOUBLE:
        touched = np.minimum(state.touched[who], span.end - 1)
        lives = addresses.record_of(people, who, span.day - 1) == record
        if record == MAIN:
            lives &= people.erased_on[who] >= span.day
            erased = midnight(0) + np.minimum(people.erased_on[who], span.day) * DAY + 39_600
            changed = np.maximum(changed, np.where(erased < span.end, erased, 0))
        changed = np.maximum(changed, np.where(lives, touched, 0))
    told = span.has(changed)
    return who[told], np.full(int(told.sum()), record), born[told], changed[told]


def _contacts(block: Block, state: State, span: Span, drift: int) -> pl.DataFrame:
    people = block.people
    records = [_records(block, state, span, record) for record in (MAIN, DOUBLE, AGAIN)]
    who, record, born, changed = (np.concatenate(parts) for parts in zip(*records, strict=True))
    place = np.lexsort((record, who))
    who, record, born, changed = who[place], record[place], born[place], changed[place]
    day = span.day - 1
    city = (people.city[who] + (people.moves_on[who] <= day)) % len(CITIES)
    double = record == DOUBLE
    erased = (record == MAIN) & (people.erased_on[who] <= day)
    card = people.has_card[who] & ~(double & (people.number[who] % 2 == 0))
    points = state.spent[who] // 100
    first = addresses.first_names(people, who)
    last = addresses.last_names(people, who, day)
    frame = pl.DataFrame(
        {
            "ID_CLIENT": addresses.contact_ids(people, who, record),
            "DATE_MAJ": changed,
            "DATE_CREATION": born,
            "EMAIL": _where(~double | (people.number[who] % 3 > 0),
                            addresses.crm_emails(people, who, day, record)),
            "TELEPHONE": addresses.phones(people, who),
            "PRENOM": pl.select(
                pl.when(pl.Series(double)).then(first.str.slice(0, 1) + ".").otherwise(first)
            ).to_series(),
            "NOM": pl.select(
                pl.when(pl.Series(double)).then(last.str.to_uppercase()).otherwise(last)
            ).to_series(),
            "DATE_NAISSANCE": np.where(people.number[who] % 10 < 6, people.birth_day[who], NEVER),
            "CIVILITE": _where(people.number[who] % 11 > 0,
                               _of(("M.", "Mme"), people.is_woman[who].astype(np.int64))),
            "CODE_POSTAL": _of(tuple(code for code, _ in CITIES), city),
            "VILLE": _of(tuple(name for _, name in CITIES), city),
            "PAYS": pl.Series(["FR"] * len(who), dtype=pl.String),
            "LANGUE": pl.Series(["fr"] * len(who), dtype=pl.String),
            "NUM_CARTE": _where(card, addresses.cards(people, who, double)),
            "STATUT_FIDELITE": _where(card & ~double,
                                      _of(("Bronze", "Argent", "Or"), np.minimum(points // 300, 2))),
            "ORIGINE": _of(SOURCES, np.where(double, 1, people.source[who])),
            "SUPPRIME": _of(("N", "O"), erased.astype(np.int64)),
            "POINTS": np.where(card & ~double, points, NEVER),
            "PANIER_MOYEN": np.where(
                state.orders[who] > 0, state.spent[who] // np.maximum(state.orders[who], 1), NEVER
            ),
            "MAGASIN_PREFERE": _where(card, _of(tuple(s[0] for s in STORES), people.city[who])),
            "COMMENTAIRE": _comments(people.number[who]),
        }
    )  # fmt: skip
    if drift >= NEW_COLUMN_FROM:
        frame = frame.with_columns(
            _of(("A", "B", "C"), people.number[who] % 3).alias("SEGMENT_AGENCE")
        )
    return frame


def _comments(number: IntArray) -> pl.Series:
    kinds = (
        "Appeler après 18 h\nDigicode 12B",
        "Bon d'achat de 10 € offert ; cadeau : œufs en chocolat",
        "=1+1",
    )
    return _where(mixed(number, 17) % 400 < 3, _of(kinds, mixed(number, 17) % 400 % 3))


def _of(texts: tuple[str, ...], index: IntArray) -> pl.Series:
    return pl.Series(texts, dtype=pl.String).gather(index)


def _where(mask: BoolArray, values: pl.Series) -> pl.Series:
    """Null where the mask is false."""
    return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()


def _consents(block: Block, state: State, span: Span) -> pl.DataFrame:
    people = block.people
    parts: list[tuple[IntArray, IntArray, int, int, int, int]] = []
    for record, exists in ((MAIN, people.has_account), (AGAIN, people.returns_on < NEVER)):
        who = np.flatnonzero(exists)
        born = addresses.created(people, who, np.full(len(who), record))
        says_no = ~people.consent_email[who] & (people.number[who] % 2 == 0)
        for mask, channel, status in (
            (people.consent_email[who], 0, 0),
            (says_no, 0, 1),
            (people.consent_sms[who], 1, 0),
            (people.consent_post[who], 2, 0),
        ):
            told = mask & span.has(born)
            parts.append((who[told], born[told] + 20 * channel, record, channel, status, 0))
    doubles = np.flatnonzero(people.doubled_on < NEVER)
    born = addresses.created(people, doubles, np.full(len(doubles), DOUBLE))
    for status, mask in ((1, people.number[doubles] % 4 == 0), (0, people.number[doubles] % 4 > 1)):
        told = mask & span.has(born)
        parts.append((doubles[told], born[told], DOUBLE, 0, status, 1))
    columns: dict[str, list[IntArray]] = {
        n: [] for n in ("who", "second", "record", "channel", "status", "purpose", "origin")
    }
    for who, second, record, channel, status, origin in parts:
        for name, value in (
            ("who", who),
            ("second", second),
            ("record", record),
            ("channel", channel),
            ("status", status),
            ("purpose", 0),
            ("origin", origin),
        ):
            columns[name].append(np.broadcast_to(np.asarray(value), len(who)).astype(np.int64))
    said = state.log("consents")
    if said:
        mine = _chosen(said, span.has(said["second"]))
        who = mine["person"]
        for name in ("second", "channel", "status", "purpose", "origin"):
            columns[name].append(mine[name])
        columns["who"].append(who)
        columns["record"].append(addresses.record_of(people, who, span.day - 1))
    rows = {name: np.concatenate(values) for name, values in columns.items()}
    place = np.lexsort((rows["channel"], rows["record"], rows["who"], rows["second"]))
    rows = {name: values[place] for name, values in rows.items()}
    return pl.DataFrame(
        {
            "ID_CLIENT": addresses.contact_ids(people, rows["who"], rows["record"]),
            "CANAL": _of(("Email", "SMS", "Courrier"), rows["channel"]),
            "STATUT": _of(("Accord", "Retrait", "Opposition"), rows["status"]),
            "DATE_STATUT": rows["second"],
            "FINALITE": _of(("Marketing", "Profilage", "Suivi des ouvertures"), rows["purpose"]),
            "SOURCE": _of(
                ("formulaire", "boutique", "lien de désinscription", "centre de préférences"),
                rows["origin"],
            ),
        }
    )


def _stages(orders: Table) -> IntArray:
    """Placed, paid, shipped, completed, refunded, cancelled: (6, orders)."""
    names = ("placed", "paid", "shipped", "completed", "refunded", "cancelled")
    return np.stack([orders[name] for name in names])


def _last_change(orders: Table) -> IntArray:
    stages = np.concatenate([_stages(orders), orders["corrected"][None], orders["known"][None]])
    result: IntArray = np.where(stages < NEVER, stages, 0).max(axis=0)
    return result


def order_ids(block: Block, numbers: IntArray) -> pl.Series:
    """Keys of the shop system."""
    return addresses.texts("FR", 10_000_000 * (20 + block.index) + numbers)


def _orders(block: Block, orders: Table, span: Span, drift: int) -> pl.DataFrame:
    people = block.people
    stages = _stages(orders)
    stages = np.where(stages < span.end, stages, -1)
    corrected = orders["corrected"] < span.end
    changed = np.maximum(stages.max(axis=0), np.where(corrected, orders["corrected"], -1))
    known = orders["known"]
    told = (known < span.end) & span.has(np.maximum(changed, known))
    mine, stages, changed = _chosen(orders, told), stages[:, told], changed[told]
    corrected = corrected[told]
    status = len(stages) - 1 - np.argmax((stages >= 0)[::-1], axis=0)
    who, channel, placed = mine["person"], mine["channel"], mine["placed"]
    day = _days(placed)
    total = mine["goods"] - mine["discount"] + mine["shipping"] - 500 * corrected
    anonymous, as_guest = mine["anonymous"], mine["as_guest"]
    has_account, in_store = people.has_account[who], channel == STORE
    second = mine["second_card"] & (day >= people.doubled_on[who])
    second &= people.number[who] % 2 == 1
    email = addresses.emails(people, who, day)
    odd = pl.Series(mine["odd_case"])
    written = pl.select(
        pl.when(odd).then(" " + email.str.to_titlecase() + " ").otherwise(email)
    ).to_series()
    by_email = as_guest | (~has_account & ~in_store & (channel != MARKETPLACE))
    phone = addresses.phones(people, who)
    by_phone = (channel == PHONE) & phone.is_not_null().to_numpy() & ~by_email
    by_card = in_store & ~anonymous & people.has_card[who]
    by_id = ~in_store & (channel != MARKETPLACE) & ~by_email & ~by_phone
    campaign = mine["campaign"]
    coupons = (*(c.coupon or None for c in block.campaigns), "BIENVENUE10", None)
    picked = np.where(campaign >= 0, campaign, len(block.campaigns) + (campaign == -1))
    frame = pl.DataFrame(
        {
            "order_number": order_ids(block, mine["number"]),
            "placed_at": placed,
            "updated_at": changed,
            "status": _of(STATUSES, status),
            "channel": _of(CHANNELS, channel),
            "customer_id": _where(by_id, addresses.contact_ids(people, who, addresses.record_of(block.people, who, day))),
            "customer_email": pl.select(
                pl.when(pl.Series(by_email)).then(written)
                .when(pl.Series(channel == MARKETPLACE)).then(addresses.relays(people, who))
            ).to_series(),
            "customer_phone": _where(by_phone, phone),
            "loyalty_card": _where(by_card, addresses.cards(people, who, second)),
            "currency": pl.Series(["EUR"] * len(who), dtype=pl.String),
            "total": total,
            "discount": mine["discount"],
            "shipping": mine["shipping"],
            "tax": (total + 3) // 6,
            "coupon": pl.Series(coupons, dtype=pl.String).gather(picked),
            "store": _where(in_store, _of((*(s[0] for s in STORES), ""), mine["place"])),
            "cancelled_at": np.where(stages[5] >= 0, stages[5], NEVER),
        }
    )  # fmt: skip
    return frame.rename({"coupon": "promo_code"}) if drift >= RENAMED_FROM else frame


def _lines(block: Block, lines: Table, orders: Table, span: Span) -> pl.DataFrame:
    told = span.has(lines["known"])
    mine = _chosen(lines, told)
    place = np.lexsort((mine["number"], mine["order"]))
    again = mine["twice"][place]
    place = np.repeat(place, 1 + again)
    mine = {name: values[place] for name, values in mine.items()}
    return pl.DataFrame(
        {
            "order_number": order_ids(block, mine["order"]),
            "line": mine["number"],
            "sku": _of(tuple(block.goods.product_ids), mine["product"]),
            "qty": mine["quantity"],
            "unit_price": mine["price"],
            "discount": mine["discount"],
            "returned_at": mine["occurred"],
        }
    )


def _events(block: Block, events: Table, span: Span) -> pl.DataFrame:
    people = block.people
    second, known = events["second"], events["known"]
    again = second >= span.end - RESENT_DAYS * DAY
    told = (known < span.end) & ((known >= span.begin) | again)
    mine = _chosen(events, told)
    person, name, second = mine["person"], mine["name"], mine["second"]
    session, product = mine["session"], mine["product"]
    who, day = np.maximum(person, 0), _days(second)
    denied, signed = mine["denied"], mine["signed"]
    leaks = chance(session, 5) < 0.001
    by_id = signed & (~denied | leaks)
    by_email = (name == SIGN_IN) & by_id | (name == PURCHASE) & ~denied & ~by_id
    session_key = pl.Series(block.index * 10_000_000 + session).cast(pl.String)
    campaign = mine["campaign"]
    landed = np.isin(name, (PAGE_VIEW, APP_ACTIVITY))
    kind = mixed(session, 19) % 10
    utm = np.where(campaign >= 0, 0, np.where(kind < 4, 1, np.where(kind < 6, 2, 3)))
    aliases = (*(c.alias for c in block.campaigns), "marque", None)
    alias = np.where(campaign >= 0, campaign, len(block.campaigns) + (utm != 2))
    return pl.DataFrame(
        {
            "event.id": "e" + session_key + "-" + pl.Series(mine["rank"]).cast(pl.String),
            "event.name": _of(EVENT_NAMES, name),
            "ts": second,
            "visitor": addresses.texts("v", mine["visitor"]),
            "session": "s" + session_key,
            "user.id": _where(by_id, addresses.contact_ids(people, who, addresses.record_of(block.people, who, day))),
            "user.email": _where(by_email, addresses.emails(people, who, day)),
            "item.id": _where(product >= 0, _of(tuple(block.goods.product_ids), np.maximum(product, 0))),
            "item.category": _where(product >= 0, _of(CATEGORIES, block.goods.category[product])),
            "order": _where(name == PURCHASE, order_ids(block, mine["order"])),
            "page": _where(product < 0, _of(PAGES, session % len(PAGES))),
            "utm.source": _where(landed, _of(("newsletter", "google", "google", "direct"), utm)),
            "utm.medium": _where(landed, _of(("email", "organic", "cpc", "none"), utm)),
            "utm.campaign": _where(landed, pl.Series(aliases, dtype=pl.String).gather(alias)),
            "device": _of(DEVICES, mine["device"]),
            "consent": _of(("granted", "denied"), denied.astype(np.int64)),
        }
    )  # fmt: skip


def tool_id(position: int) -> str:
    """The number by which the e-mail tool knows a campaign."""
    return f"msg-{7000 + position}"


def _sends(block: Block, sends: Table, span: Span) -> pl.DataFrame:
    mine = _chosen(sends, span.has(sends["second"]))
    who, campaign = mine["person"], mine["campaign"]
    day = _days(mine["second"])
    by_tool, treated = mine["imported"] == 1, mine["treated"]
    ours = tuple(c.campaign_id for c in block.campaigns)
    theirs = tuple(tool_id(k) for k in range(len(block.campaigns)))
    is_mail = np.array([c.channel == EMAIL for c in block.campaigns])[campaign]
    code = pl.select(
        pl.when(pl.Series(by_tool)).then(_of(theirs, campaign)).otherwise(_of(ours, campaign))
    ).to_series()
    drawn = ~np.isnan(mine["probability"])
    return pl.DataFrame(
        {
            "campaign_id": code,
            "contact_id": _where(~by_tool | ~is_mail, addresses.contact_ids(block.people, who, addresses.record_of(block.people, who, day))),
            "email": _where(is_mail, addresses.emails(block.people, who, day)),
            "sent_at": mine["second"],
            "send_id": send_ids(block, mine["number"]),
            "arm": _where(~by_tool, pl.select(pl.when(pl.Series(treated)).then(code).otherwise(pl.lit("control"))).to_series()),
            "assignment_probability": _where(drawn, pl.Series(np.round(mine["probability"], 2))),
            "variant": _where(treated & ~by_tool, _of(("A", "B"), mine["variant"])),
        }
    )  # fmt: skip


def send_ids(block: Block, numbers: IntArray) -> pl.Series:
    """Keys of the e-mail tool."""
    return addresses.texts("m", 100_000_000 * (1 + block.index) + numbers)


def _reports(block: Block, state: State, span: Span) -> pl.DataFrame:
    reports, sends = state.log("reports"), state.log("sends")
    mine = _chosen(reports, span.has(reports["second"]))
    place = np.lexsort((mine["kind"], mine["send"], mine["second"]))
    mine = {name: values[place] for name, values in mine.items()}
    who, day = mine["person"], _days(mine["second"])
    at = np.searchsorted(sends["number"], mine["send"])
    by_tool = sends["imported"][at] == 1
    campaign = sends["campaign"][at]
    is_mail = np.array([c.channel == EMAIL for c in block.campaigns])[campaign]
    theirs = tuple(tool_id(k) for k in range(len(block.campaigns)))
    machine = (mine["machine"] == 1) & (mine["kind"] == OPEN)
    return pl.DataFrame(
        {
            "campaign_id": _where(by_tool, _of(theirs, campaign)),
            "send_id": send_ids(block, mine["send"]),
            "contact_id": _where(~by_tool | ~is_mail, addresses.contact_ids(block.people, who, addresses.record_of(block.people, who, day))),
            "email": _where(by_tool & is_mail, addresses.emails(block.people, who, day)),
            "event": _of(MAIL_EVENTS, mine["kind"]),
            "occurred_at": mine["second"],
            "is_machine": _of(("false", "true"), machine.astype(np.int64)),
        }
    )  # fmt: skip


def _subscriptions(block: Block, state: State, span: Span) -> pl.DataFrame:
    log, people = state.log("subscriptions"), block.people
    who = np.unique(log["person"][span.has(log["second"])])
    start = midnight(0) + 3600 + who % 3000

    def at(day: IntArray) -> IntArray:
        return np.where(day < span.day, start + day * DAY, NEVER)

    return pl.DataFrame(
        {
            "subscription_id": addresses.texts("A", 1_000_000 + people.number[who]),
            "contact_id": addresses.contact_ids(
                people, who, addresses.record_of(people, who, span.day - 1)
            ),
            "plan": pl.Series(["livraison"] * len(who), dtype=pl.String),
            "trial_started_at": start + state.trial_on[who] * DAY,
            "trial_ends_at": start + (state.trial_on[who] + 15) * DAY,
            "converted_at": at(state.member_on[who]),
            "cancelled_at": at(state.member_until[who]),
            "monthly_amount": np.full(len(who), 390),
        }
    )


def _attributes(block: Block, span: Span) -> pl.DataFrame:
    """The answers to the preference survey of May 2026."""
    people, day = block.people, 680
    second = midnight(day) + 9 * 3600 + mixed(people.number, 23) % 36_000
    asked = people.has_account & (people.arrival < day) & (chance(people.number, 29) < 0.04)
    who = np.flatnonzero(asked & span.has(second))
    answer = mixed(people.number[who], 31) % 3
    return pl.DataFrame(
        {
            "email": addresses.emails(people, who, day),
            "name": pl.Series(["preferred_contact_frequency"] * len(who), dtype=pl.String),
            "value": _of(("weekly", "monthly", "rarely"), answer),
            "observed_at": second[who],
            "provider": pl.Series(["enquete"] * len(who), dtype=pl.String),
        }
    )


def _exclusions(block: Block) -> pl.DataFrame:
    people = block.people
    who = np.flatnonzero(people.has_account & (people.arrival < 300))[::211][:40]
    reasons = _of(("staff", "seed", "litigation", "vip"), np.arange(len(who)) % 4)
    return pl.DataFrame(
        {
            "email": pl.Series([None] * len(who), dtype=pl.String),
            "contact_id": addresses.contact_ids(people, who, MAIN),
            "reason": reasons,
            "until": _where(np.arange(len(who)) % 4 == 2, _of(("2026-09-30",), np.zeros(len(who), dtype=np.int64))),
        }
    )  # fmt: skip
