"""The closed vocabulary of decisions: arms, groups and reason codes."""

from enum import StrEnum

NO_CONTACT = "no_contact"  # the arm that every contact point always has


class Group(StrEnum):
    """Who may be contacted. `mixed`: a merge joined an active and a held-out contact point; the
    customer is treated as held out and leaves the analysis of active against holdout."""

    ACTIVE = "active"
    HOLDOUT = "holdout"
    MIXED = "mixed"


class Reason(StrEnum):
    """Why an arm was chosen or was not. Contact points that may not be contacted carry the
    `blocked_reason` of marts.contact_points instead."""

    # why no campaign can reach a contact point
    ANOTHER_ADDRESS = "another_address"  # the customer is contacted at a better contact point
    HOLDOUT = "holdout"
    CAP = "cap"  # messages of the window, planned newsletters included, reach the cap
    NO_CAMPAIGN = "no_campaign"  # no active campaign uses the channel
    # why one campaign cannot
    ALREADY_SENT = "already_sent"
    CAPACITY = "capacity"  # its places go to contact points that are expected to gain more
    # how the policy chose among what is left
    BEST_VALUE = "best_value"
    EXPLORATION = "exploration"
    NO_GAIN_EXPECTED = "no_gain_expected"  # the lower bound of the gain is not above zero
    NO_SCORE = "no_score"
    LESS_THAN_BEST = "less_than_best"
