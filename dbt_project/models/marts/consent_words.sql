{# The last word on each address and purpose; and on each person, where it is the person that speaks.
   Nearly all have said one thing only: just the others are put in order. #}
with statements as (
    select
        contact_point_id,
        cast(null as varchar) as customer_id,
        channel,
        purpose, status, strictness, changed_at, origin, said_by, profile_id,
        known_from_date
    from {{ ref('consent_statements') }}
    where said_by <> 'person'
    union all
    select
        null, people.customer_id, said.channel, said.purpose, said.status, said.strictness,
        said.changed_at, said.origin, said.said_by, said.profile_id, said.known_from_date
    from {{ ref('consent_statements') }} as said
    inner join ({{ people_from_now_on() }}) as people on people.profile_id = said.profile_id
    where said.said_by = 'person'
),

hashed as (
    select
        *, {{ short_hash(['contact_point_id', 'customer_id', 'channel', 'purpose']) }} as key_hash
    from statements
),

repeated as (
    select key_hash from hashed group by 1 having count(*) > 1
),

ranked as (
    select
        *,
        max(case when status = 'granted' then changed_at end) over (
            partition by contact_point_id, customer_id, channel, purpose
        ) as granted_at,
        row_number() over (
            partition by contact_point_id, customer_id, channel, purpose
            order by changed_at desc, strictness desc, said_by, origin, profile_id
        ) as recency
    from hashed
    where key_hash in (select key_hash from repeated)
),

words as (
    select *, case when status = 'granted' then changed_at end as granted_at, 1 as recency
    from hashed
    where key_hash not in (select key_hash from repeated)
    union all
    select * from ranked where recency = 1
)

select
    contact_point_id, customer_id, channel, purpose, status, changed_at, granted_at, said_by,
    origin, profile_id, known_from_date
from words
