"""The CRM's export: contacts and consents, in the manner of French tools."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.shop.baskets import NEVER
from benchmarks.shop.catalogue import STORES
from benchmarks.shop.days import DAY, EPOCH, french
from benchmarks.shop.dirt import EXTRA_COLUMN_FOLDER, FIRST_CUT
from benchmarks.shop.files import CHUNK, euros, write_csv
from benchmarks.shop.people import ACQUISITION, CITIES
from benchmarks.shop.settings import BoolArray, IntArray, stream, words
from benchmarks.shop.shop import Shop

CONTACT_HEADER = words(
    "ID_CLIENT;DATE_MAJ;DATE_CREATION;EMAIL;TELEPHONE;PRENOM;NOM;DATE_NAISSANCE;CIVILITE;"
    "CODE_POSTAL;VILLE;PAYS;LANGUE;NUM_CARTE;STATUT_FIDELITE;ORIGINE;SUPPRIME;POINTS;"
    "PANIER_MOYEN;MAGASIN_PREFERE;COMMENTAIRE",
    ";",
)
CONSENT_HEADER = ("ID_CLIENT", "CANAL", "STATUT", "DATE_STATUT", "FINALITE", "SOURCE")
EDITED_PER_DAY = 0.006


def write_contacts(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One row per contact that was created or changed within the span."""
    header = list(CONTACT_HEADER)
    if folder == EXTRA_COLUMN_FOLDER:
        header.append("SEGMENT_AGENCE")
    write_csv(
        path,
        header,
        _contact_rows(shop, folder, span),
        shop.dirt.lines.get((folder, "contacts.csv"), ()),
        french=True,
    )


def write_consents(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One row per statement made within the span."""
    ids = shop.people.contact_ids
    wanted = [row for row in shop.consents if span[0] <= row.second < span[1]]
    times = french(np.array([row.second for row in wanted], dtype=np.int64))
    rows = (
        (ids[row.person], row.channel, row.status, time, row.purpose, row.origin)
        for row, time in zip(wanted, times, strict=True)
    )
    stray = shop.dirt.lines.get((folder, "consents.csv"), ())
    write_csv(path, CONSENT_HEADER, rows, stray, french=True)


def _edits(shop: Shop, span: tuple[int, int]) -> tuple[IntArray, BoolArray]:
    """When the person last changed something before the span's end, and who moved house."""
    rng = stream(shop.settings.seed, "edits")
    n = shop.people.count
    age = np.maximum(FIRST_CUT - shop.created, DAY)
    edited = np.where(rng.random(n) < 0.5, shop.created + (rng.random(n) * age).astype(int), 0)
    moved = np.zeros(n, dtype=np.bool_)
    for day in range(shop.settings.extra_days):
        hit = rng.random(n) < EDITED_PER_DAY
        second = FIRST_CUT + day * DAY + rng.integers(9 * 3600, 18 * 3600, n)
        now = hit & (second < span[1]) & (shop.created < second)
        edited = np.where(now, second, edited)
        moved |= now
    edited = np.where(edited < span[1], edited, 0)
    return edited, moved


def _contact_rows(shop: Shop, folder: int, span: tuple[int, int]) -> Iterator[list[str]]:
    people, orders = shop.people, shop.orders
    known = (orders.placed < span[1]) & (orders.known_from < span[1])
    counts_as = known & (orders.cancelled == NEVER)
    spent = np.bincount(
        orders.person[counts_as], weights=orders.total[counts_as], minlength=people.count
    ).astype(np.int64)
    bought = np.bincount(orders.person[counts_as], minlength=people.count)
    last_order = np.zeros(people.count, dtype=np.int64)
    np.maximum.at(last_order, orders.person[known], orders.placed[known] + 600)
    last_order = np.where(last_order < span[1], last_order, 0)
    edited, moved = _edits(shop, span)
    updated = np.maximum(np.maximum(shop.created, edited), last_order)
    deleted = np.zeros(people.count, dtype=np.bool_)
    deleted[list(shop.dirt.deleted)] = span[1] > FIRST_CUT
    deleted_at = FIRST_CUT + 11 * 3600
    updated = np.where(deleted & (deleted_at < span[1]), np.maximum(updated, deleted_at), updated)
    wanted = np.flatnonzero(~people.is_guest & (shop.created < span[1]) & (updated >= span[0]))
    ids, cards = people.contact_ids, people.card_numbers
    points, basket = spent // 100, spent // np.maximum(bought, 1)
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        changed, since = french(updated[chunk]), french(shop.created[chunk])
        averages = euros(basket[chunk].tolist())
        for k, at, born_here, average in zip(chunk.tolist(), changed, since, averages, strict=True):
            code, city = CITIES[(int(people.city[k]) + int(moved[k])) % len(CITIES)]
            has_card = bool(people.has_card[k])
            row = [
                ids[k],
                at,
                born_here,
                people.emails[k],
                people.phones[k],
                people.first_names[k],
                people.last_names[k],
                _birth_date(int(people.birth_dates[k])),
                ("Mme" if people.is_woman[k] else "M.") if k % 11 else "",
                code,
                city,
                "BE" if code == "1000" else "FR",
                "fr",
                cards[k],
                _tier(int(points[k])) if has_card else "",
                ACQUISITION[int(people.source[k])],
                "O" if deleted[k] else "N",
                str(int(points[k])) if has_card else "",
                average.replace(".", ",") if bought[k] else "",
                STORES[int(people.store[k])][0] if has_card else "",
                people.comments[k],
            ]
            if folder == EXTRA_COLUMN_FOLDER:
                row.append("ABC"[k % 3])
            yield row


def _birth_date(number: int) -> str:
    return f"{EPOCH + timedelta(days=number):%d/%m/%Y}" if number % 10 < 6 else ""


def _tier(points: int) -> str:
    if points >= 900:
        return "Or"
    return "Argent" if points >= 300 else "Bronze"
