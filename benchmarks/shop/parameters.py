"""The numbers that drive the shop, each with what it is anchored to, and the three presets.

Once published, the defaults stay as they are: models are tuned on this shop, and a shop that moves
with them would measure nothing. A change of mind is a new preset."""

from dataclasses import dataclass, field, replace
from typing import Any


def anchored(value: float, why: str) -> Any:
    """A default with its reason or source."""
    return field(default=value, metadata={"anchor": why})


@dataclass(frozen=True, slots=True)
class Parameters:
    """Rates are per person, shares within [0, 1], effects in probability of a purchase in 7 days
    (0.005 is half a point)."""

    weekly_rate: float = anchored(
        0.84,
        "scales the types' rates; 3–4 % of the living customers buy in a week: a customer of "
        "UCI Online Retail who stays buys about every 6 weeks, most of a fashion shop's far less",
    )
    rate_shape: float = anchored(
        0.95,
        "gamma shape of rates within a type; gamma-Poisson rates as "
        "in Ehrenberg's NBD and in BG/NBD (Fader, Hardie, Lee 2005)",
    )
    mood_spread: float = anchored(
        0.75,
        "standard deviation of the log of a person's weekly "
        "ups and downs: purchases come in clumps, as in all panel data",
    )
    mood_memory: float = anchored(
        0.85,
        "week-to-week correlation of the mood: visits announce purchases by days, not by months",
    )
    lifetime: float = anchored(
        1.1,
        "scales the types' days until they drop out; UK and FR online "
        "fashion keeps about a third of a cohort after a year",
    )
    guest_share: float = anchored(
        0.10, "checkout as a guest only; 10–20 % of orders at shops that offer it"
    )
    card_share: float = anchored(0.55, "customers with a loyalty card; FR retail: half or more")
    email_consent: float = anchored(0.70, "FR retail opt-in at account creation, 60–80 %")
    sms_consent: float = anchored(0.32, "about half of the e-mail opt-ins")
    web_refusal: float = anchored(
        0.22, "visitors who refuse measurement; CNIL-style banners: 20–40 % refuse or ignore"
    )
    household_share: float = anchored(0.30, "people who share a household with another customer")
    shared_email: float = anchored(0.14, "members of such a household who use the other's e-mail")
    shared_phone: float = anchored(0.22, "members who gave the same (land line) number")
    duplicate_share: float = anchored(0.04, "people who are in the CRM twice; CRM audits: 3–10 %")
    mistyped_share: float = anchored(0.012, "addresses typed wrongly at the till: 1–2 %")
    placeholder_share: float = anchored(0.005, "test@test.com and 0000000000 typed to go on")
    email_change_share: float = anchored(0.05, "change their address within the two years")
    erased_share: float = anchored(0.004, "ask to be erased within the two years; half come back")
    research_online: float = anchored(
        0.38,
        "store purchases that were looked up on the web before; published ROPO studies: 35–60 %",
    )
    research_in_store: float = anchored(0.12, "web purchases seen in a store before")
    further_lines: float = anchored(
        4.0,
        "mean lines of an order beyond its first, before repeats and stock-outs; four or five "
        "lines lie between fashion (two to three) and UCI Online Retail's 22; with the "
        "catalogue's prices a mean basket of about 115 EUR, where FEVAD's mean of all French "
        "online orders was 90 EUR in 2009 and 69 EUR in 2017",
    )
    margin_rate: float = anchored(
        0.475,
        "mean share of a price that is left after the purchase of the goods; products spread by "
        "12.5 points around it; retail of fashion and home: 45–60 %, less with discounts",
    )
    cart_rate: float = anchored(
        0.15,
        "sessions that fill a cart; about 70 % of carts are "
        "abandoned (Baymard Institute, mean of 49 studies)",
    )
    return_rate_fashion: float = anchored(
        0.20, "lines of fashion bought at a distance that come back; fashion e-commerce: 20–30 %"
    )
    return_rate_home: float = anchored(0.06, "the same for home")
    cancel_rate: float = anchored(0.03, "orders at a distance cancelled before they leave")
    stock_out_share: float = anchored(
        0.07,
        "product-places without stock; retail's mean "
        "out-of-stock rate is about 8 % (Gruen, Corsten 2002)",
    )
    effect_mean: float = anchored(
        0.005,
        "mean effect of an e-mail: half a point of weekly purchase"
        " probability; Hillstrom's randomised e-mail test (2008): +0.5 point over two weeks",
    )
    effect_spread: float = anchored(0.010, "standard deviation of the effect across people")
    explained_share: float = anchored(0.62, "share of that variance which behaviour shows")
    responsive_share: float = anchored(
        0.95, "mailable people whom a mail moves at all; the others are near zero"
    )
    pulled_forward: float = anchored(
        0.30, "share of a gain that is missing in the three weeks after it"
    )
    spill: float = anchored(
        0.15, "share of an effect that reaches each other member of the household"
    )
    fatigue_cost: float = anchored(
        0.0012, "what each message of late beyond two takes off the next one's effect"
    )
    open_rate: float = anchored(
        0.22,
        "mean true opens of the delivered; retail figures that count machine opens say 30–40 %",
    )
    click_rate: float = anchored(0.014, "mean true clicks of the delivered; retail: 1–2 %")
    machine_open_share: float = anchored(
        0.40, "people whose mail program opens everything (Apple Mail Privacy Protection)"
    )
    scanner_share: float = anchored(0.02, "addresses behind a link scanner")
    unsubscribe_rate: float = anchored(0.002, "of a send to a rested person: 0.1–0.3 %")
    complaint_rate: float = anchored(0.0003, "of a send; mail providers want less than 0.1 %")
    bounce_rate: float = anchored(0.004, "soft bounces, beside addresses that are wrong for good")


DEFAULT = Parameters()
PRESETS = {
    "easy": replace(
        DEFAULT,
        effect_mean=0.02,
        effect_spread=0.035,
        explained_share=0.8,
        mood_spread=0.4,
    ),
    "default": DEFAULT,
    "hard": replace(
        DEFAULT,
        effect_mean=0.003,
        effect_spread=0.008,
        explained_share=0.25,
        mood_spread=1.0,
        duplicate_share=0.08,
        shared_email=0.25,
        email_change_share=0.12,
        web_refusal=0.4,
    ),
}
