"""Raw lines that no parser can take for a good record, among those of the text extracts. What else
is awkward (late, corrected, sent twice, shared, mistyped) comes from the world itself."""

AT = "2026-06-20T10:00:00+02:00"
_ORDER_END = ",,,,EUR,{total},0.00,0.00,5.00,,,"
_GOOD_END = _ORDER_END.format(total="30.00")
_TS = '"ts":"2026-06-27T10:00:00Z"'
LINES: dict[tuple[str, int], tuple[str, ...]] = {
    ("contacts", 0): (
        "C900010;31/02/2026 10:00:00;01/02/2026 09:00:00;date.fausse@courriel.example;;"
        "Ada;Fausse;;;;;FR;fr;;;site;N;;;;",
        ";03/03/2026 10:00:00;01/02/2026 09:00:00;sans.cle@courriel.example;;"
        "Sans;Clé;;;;;FR;fr;;;site;N;;;;",
        "C900012;03/03/2026 10:00:00;01/02/2026 09:00:00;ligne.courte@courriel.example",
    ),
    ("consents", 0): (
        "C900002;Email;Peut-être;15/05/2026 10:00:00;Marketing;boutique",
        "C900003;Email;Accord;hier;Marketing;boutique",
    ),
    ("orders", 0): (
        f"FR900000,2026-02-31T10:00:00+01:00,{AT},Livrée,site,C100000{_GOOD_END}",
        f"FR900001,{AT},{AT},Livrée,site,C100000" + _ORDER_END.format(total="12.9O"),
        f",{AT},{AT},Livrée,site,C100000{_GOOD_END}",
        f"FR900003,{AT},{AT},Perdue en mer,site,C100000{_GOOD_END}",
        f"FR900004,2027-01-15T10:00:00+01:00,{AT},Livrée,site,C100000{_GOOD_END}",
        f"FR900005,{AT},{AT},Livrée,site,C100000{_GOOD_END},surplus,surplus",
        f"FR900006,{AT},{AT},Livrée,site",
        f"FR900007,{AT},{AT},Livrée,site,C100000,,,,EUR,12,50,0.00,0.00,5.00,,,",
    ),
    ("orders", 1): (
        f"FR900010,{AT},{AT},Livrée,site,C100000" + _ORDER_END.format(total="gratuit"),
    ),
    ("order_lines", 0): (
        "FR200000000,91,P1000,deux,19.90,0.00,",
        "FR200000000,92,,1,19.90,0.00,",
        "FR200000000,93,P1000,1,19.90,0.00,32/06/2026",
    ),
    ("stock", 0): ("P1000,ENTREPOT,beaucoup,2026-06-29T00:00:00+02:00",),
    ("web_events", 0): (
        '{"event":{"id":"bad0","name":"page_view"},"ts":"2026-06-2',
        '{"event":{"name":"page_view"},' + _TS + ',"visitor":"v0","session":"s0"}',
        '{"event":{"id":"bad2","name":"teleport"},' + _TS + ',"visitor":"v0","session":"s0"}',
        '{"event":{"id":"bad3","name":"page_view"},"ts":"yesterday","visitor":"v0"}',
    ),
    ("web_events", 1): ("<html>502 Bad Gateway</html>",),
}


def stray(table: str, drift: int) -> tuple[str, ...]:
    """The raw lines of a table's extract so many days after the first."""
    return LINES.get((table, drift), ())
