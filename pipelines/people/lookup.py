"""Finds the customers that an address or an id names."""

import duckdb

from pipelines.specs import identifiers

# Who is who as of the last night.
PRESENT = """
present as (
    select profile_id, customer_id, valid_from_date from identity.identity_history
    where valid_until_date = date '9999-12-31' and known_until_date = date '9999-12-31'
)
"""
# Everything that a word may be, from the record that says it to the profile of its person.
_PROFILES = """
select profile_id from present
where (
    profile_id in (
        $word, 'contact:' || $word, 'loyalty:' || $word, 'visitor:' || $word, 'phone:' || $phone,
        'email:' || $email
    )
    or customer_id = $word
    or customer_id = (
        select present_customer_id from identity.customer_ids where customer_id = $word
    )
)
union
select profile_id from identity.identity_edges
where identifier_type = 'email' and identifier = $email
    or identifier_type = 'phone' and identifier in ($word, $phone)
    or identifier_type not in ('email', 'phone') and identifier = $word
    or given = $word
union
select profile_id from marts.order_history where order_id = $word
"""
_CUSTOMERS = f"""
with {PRESENT}
select customer_id from present
where profile_id in ({_PROFILES})
union
select customer_id from marts.contact_points
where customer_id is not null
    and (contact_point_id = $word or address in ($word, $phone) or lower(address) = lower($word))
order by customer_id
"""


def customers(con: duckdb.DuckDBPyConnection, word: str, phone: str | None) -> list[str]:
    """The customers of today that an e-mail address, a phone number (`phone`: the same in E.164,
    where it is one) or an id (of a customer, contact, loyalty card, visitor, order or contact
    point) belongs to; several where they share an address. Ids of merged customers are resolved."""
    values = {
        "word": word.strip(),
        "phone": phone or word.strip(),
        "email": identifiers.compared_text("email", word),
    }
    return [customer for (customer,) in con.execute(_CUSTOMERS, values).fetchall()]


def earlier_ids(con: duckdb.DuckDBPyConnection, customer_id: str) -> list[str]:
    """The earlier ids of a customer: of those who were merged into it."""
    rows = con.execute(
        "select customer_id from identity.customer_ids"
        " where present_customer_id = ? and customer_id <> ? order by customer_id",
        [customer_id, customer_id],
    )
    return [earlier for (earlier,) in rows.fetchall()]
