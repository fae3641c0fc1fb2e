"""What the shop sells, where, and what is out of stock."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.parameters import Parameters
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray, chance, mixed, stream

CATEGORIES = ("Femme", "Homme", "Enfant", "Chaussures", "Maison", "Décoration")
SUBCATEGORIES = (
    ("Robes", "Pulls", "Manteaux"),
    ("Chemises", "Vestes", "Pantalons"),
    ("Bébé", "Fille", "Garçon"),
    ("Baskets", "Bottines", "Sandales"),
    ("Linge", "Cuisine", "Literie"),
    ("Luminaires", "Bougies", "Cadres"),
)
TYPICAL_PRICE = (22.0, 25.0, 13.0, 31.0, 19.0, 12.0)
"""In EUR, by category: with the lines of an order they give a mean basket of about 115 EUR."""
HOME = 4  # the first category of the home trade
BRANDS = ("Atelier Lune", "Cœur d'Armor", "Nuit Blanche", "Petit Matin", "Rive Droite")
PER_CATEGORY = 50
CITIES = (
    ("75011", "Paris"), ("69003", "Lyon"), ("13001", "Marseille"), ("59000", "Lille"),
    ("44000", "Nantes"), ("33000", "Bordeaux"), ("67000", "Strasbourg"), ("31000", "Toulouse"),
    ("06000", "Nice"), ("35000", "Rennes"), ("34000", "Montpellier"), ("38000", "Grenoble"),
    ("21000", "Dijon"), ("49000", "Angers"), ("51100", "Reims"), ("42000", "Saint-Étienne"),
    ("76600", "Le Havre"), ("83000", "Toulon"), ("30000", "Nîmes"), ("63000", "Clermont-Ferrand"),
    ("72000", "Le Mans"), ("13100", "Aix-en-Provence"), ("29200", "Brest"), ("37000", "Tours"),
    ("80000", "Amiens"), ("87000", "Limoges"), ("74000", "Annecy"), ("66000", "Perpignan"),
    ("57000", "Metz"), ("25000", "Besançon"), ("45000", "Orléans"),
    ("54500", "Vandœuvre-lès-Nancy"), ("76000", "Rouen"), ("14000", "Caen"), ("54000", "Nancy"),
    ("92100", "Boulogne-Billancourt"), ("93200", "Saint-Denis"), ("95100", "Argenteuil"),
    ("78000", "Versailles"), ("64000", "Pau"),
)  # fmt: skip
STORES = tuple((f"S{k + 1:02d}", f"{city}", code) for k, (code, city) in enumerate(CITIES))
WAREHOUSE = len(STORES)
"""The place that ships the web orders; places 0 to 39 are the stores."""
OUTAGE_DAYS = 9


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One entry per product; prices and margins in cents."""

    category: IntArray
    subcategory: IntArray
    brand: IntArray
    price: IntArray
    margin: IntArray
    on_sale: BoolArray
    popularity: FloatArray
    """Cumulative shares inside a category, by rank in it."""
    seed: int
    out_share: float

    @property
    def count(self) -> int:
        return len(self.category)

    @property
    def product_ids(self) -> list[str]:
        return [f"P{1000 + index}" for index in range(self.count)]

    @property
    def names(self) -> list[str]:
        return [
            f"{SUBCATEGORIES[category][sub]} {BRANDS[brand]} n°{index % PER_CATEGORY + 1}"
            for index, (category, sub, brand) in enumerate(
                zip(
                    self.category.tolist(),
                    self.subcategory.tolist(),
                    self.brand.tolist(),
                    strict=True,
                )
            )
        ]

    def pick(self, draws: FloatArray, category: IntArray) -> IntArray:
        """One product of each wanted category, the popular ones more often."""
        rank = np.searchsorted(self.popularity, draws)
        return (category * PER_CATEGORY + rank).astype(np.int64)

    def is_out(self, product: IntArray, place: IntArray | int, day: int) -> BoolArray:
        """Whether a product is out of stock at a place: whole spells of days, the popular ones
        more often."""
        rank = product % PER_CATEGORY
        share = self.out_share * np.where(rank < PER_CATEGORY // 5, 2.0, 0.75)
        spell = (day + mixed(self.seed, product, place) % OUTAGE_DAYS) // OUTAGE_DAYS
        return chance(self.seed, product, place, spell) < share

    def level(self, product: IntArray, place: IntArray | int, day: int) -> IntArray:
        """Pieces at a place on a day's morning."""
        pieces = 1 + mixed(self.seed + 1, product, place, day // 5) % 60
        return np.where(self.is_out(product, place, day), 0, pieces)


def make_catalogue(seed: int, parameters: Parameters) -> Catalogue:
    """Draw the products."""
    rng = stream(seed, "catalogue")
    n = len(CATEGORIES) * PER_CATEGORY
    category = np.repeat(np.arange(len(CATEGORIES), dtype=np.int64), PER_CATEGORY)
    typical = np.array(TYPICAL_PRICE)[category] * np.exp(rng.normal(0.0, 0.45, n))
    price = np.maximum(np.round(typical).astype(np.int64), 3) * 100 - 10
    shares = 1 / np.arange(1, PER_CATEGORY + 1) ** 0.7
    popularity = np.cumsum(shares / shares.sum())
    popularity[-1] = 1.0
    return Catalogue(
        category=category,
        subcategory=rng.integers(0, 3, n),
        brand=rng.integers(0, len(BRANDS), n),
        price=price,
        margin=np.round(price * (parameters.margin_rate + rng.uniform(-0.125, 0.125, n))).astype(
            np.int64
        ),
        on_sale=rng.random(n) < 0.4,
        popularity=popularity,
        seed=seed,
        out_share=parameters.stock_out_share,
    )
