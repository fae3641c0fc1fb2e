"""What each column of Python's tables means, for the comments in the analysts' file. Columns of
dbt's tables bring their comments from the warehouse."""

RUNS = "One row per try of one step of one night (a killed try stays 'running')."
CHECKS = "One row per check of the latest run of each door of a night: what it found."

_AS_OF = "The night: the world as known on that date at 00:00 in the shop's time zone."
_CUSTOMER = "The customer."
_POINT = "The contact point: one channel and address."
_SOURCE = "Key of `sources` in the shop's configuration."
_FILE = "Path of the extract, as configured."
_EXTRACT_DATE = "Night on which the extract was read."
_LOWER = "Lower bound of the interval."
_UPPER = "Upper bound of the interval."

COLUMNS: dict[str, dict[str, str]] = {
    "ml.scores": {
        "as_of": _AS_OF,
        "model": "Name of the model (folder under models/).",
        "customer_id": _CUSTOMER,
        "item_id": "What was scored for the customer: a campaign_id; empty for the customer alone.",
        "version": "Version of the model that scored.",
        "value": "The score: a probability, or a campaign's uplift.",
        "lower": _LOWER,
        "upper": _UPPER,
        "percentile": "Rank within model, item and night, 1 to 100 (highest).",
        "flag": "Why to trust it less: naive_rule, thin_history …; empty: nothing to say.",
    },
    "ml.evaluations": {
        "model": "Name of the model (folder under models/).",
        "version": "Version of the model that was measured.",
        "as_of": "Night on which it was trained.",
        "metric": "What was measured, out of time.",
        "value": "The measured value.",
        "lower": _LOWER,
        "upper": _UPPER,
    },
    "activation.decisions": {
        "as_of": _AS_OF,
        "contact_point_id": _POINT,
        "channel": "Channel of the contact point.",
        "customer_id": _CUSTOMER,
        "arm": "What was decided: a campaign_id or no_contact.",
        "assignment_probability": "With which probability this arm was drawn, 0 to 1.",
        "reason": "Why this arm (reason code).",
        "expected_value": "Expected gain in shop currency, cost deducted.",
        "group_name": "Experiment group: active, holdout or mixed.",
        "is_slot": "True when this night is the contact point's slot: the decision counts.",
        "segment": "Segment of the customer that night.",
    },
    "activation.candidates": {
        "as_of": _AS_OF,
        "contact_point_id": _POINT,
        "customer_id": _CUSTOMER,
        "arm": "What was considered: a campaign_id or no_contact.",
        "value": "Expected gain in shop currency, cost deducted.",
        "lower": "Lower bound of the expected gain.",
        "is_eligible": "True when the arm could have been chosen.",
        "reason": "Why it was or was not chosen (reason code).",
    },
    "measurement.effects": {
        "as_of": _AS_OF,
        "kind": "campaign or theme (past sends), or decision (our own nights).",
        "item_id": "The campaign, theme or comparison that was measured; all: every campaign.",
        "segment": "A segment, or all.",
        "outcome": "purchase_rate or revenue_amount, per contact point.",
        "treated_count": "Contact points assigned to the treatment.",
        "control_count": "Contact points assigned to the control.",
        "treated_mean": "Mean outcome of the treated.",
        "control_mean": "Mean outcome of the control.",
        "effect": "Treated minus control, by intention to treat.",
        "lower": _LOWER,
        "upper": _UPPER,
        "status": "measured, too_early, no_control or too_few.",
    },
    "ops.books": {
        "source": _SOURCE,
        "entity": "Entity of the input contract that the source feeds.",
        "extract_date": _EXTRACT_DATE,
        "file": _FILE,
        "records_read": "Records in the file: landed + quarantined + set_aside + refused - added.",
        "landed": "Records that met the contract.",
        "quarantined": "Records set aside, each with its place and reason in ops.quarantine.",
        "refused": "Records of erased people.",
        "set_aside": "Records left out (preset, skip, keep), or unchanged since the last snapshot.",
        "added": "Rows beyond the records of the file: of one that is several, or that has gone.",
        "values_dropped": "E-mail addresses and phone numbers that could not be read.",
        "unknown_columns": "Columns that the contract does not know, comma-separated.",
        "landed_as": "Its Parquet file in landing, which the raw tables read.",
        "first_line": "Line of its first record; NULL where each record has a line of its own.",
        "columns": "Columns of the entity that it was read for, comma-separated.",
        "no_longer_kept": "Of the quarantined: those that are too old to be kept, or were erased.",
    },
    "ops.quarantine": {
        "source": _SOURCE,
        "entity": "Entity of the input contract that the source feeds.",
        "extract_date": _EXTRACT_DATE,
        "file": _FILE,
        "line": "Line of the file where the record starts, 1 is the header.",
        "column_name": "Column that broke the contract.",
        "reason": "Why the record was not loaded.",
    },
    "ops.runs": {
        "run_id": "Number of the try, in order of start.",
        "as_of": _AS_OF,
        "verb": "The step: extract, load, transform …",
        "status": "running, done or failed.",
        "started_at": "When the try started (UTC).",
        "finished_at": "When it ended (UTC); NULL: it did not.",
        "seconds": "How long it took.",
        "rows": "Rows that it wrote.",
        "facts": "Named counts of the step, as JSON.",
        "error": "The sentence with which it failed.",
    },
    "ops.checks": {
        "as_of": _AS_OF,
        "door": "Where the check stands.",
        "name": "What is expected there.",
        "severity": "critical (stops the step) or warning.",
        "success": "True when the expectation was met.",
        "observed": "Counts and bounds that were found.",
    },
}
