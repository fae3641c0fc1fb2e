{{ config(materialized='view') }}
{# Where an id is found today: that of a customer who was merged in the other one's. Of one whose
   profiles went several ways, where most of them are. #}
with ids as (
    select customer_id, min(since_as_of) as since_as_of, max(until_as_of) as until_as_of
    from {{ ref('customer_ledger') }}
    group by 1
),

whereabouts as (
    select ids.customer_id, present.customer_id as present_customer_id, count(*) as profiles_count
    from ids
    inner join {{ ref('customer_ledger') }} as last_rows
        on last_rows.customer_id = ids.customer_id and last_rows.until_as_of = ids.until_as_of
    inner join {{ ref('customer_ledger') }} as present
        on present.profile_id = last_rows.profile_id and present.until_as_of = {{ forever() }}
    group by 1, 2
)

select
    ids.customer_id,
    max_by(
        whereabouts.present_customer_id,
        {{ row_order(['whereabouts.profiles_count', 'whereabouts.present_customer_id']) }}
    ) as present_customer_id,
    ids.since_as_of,
    ids.until_as_of
from ids
left join whereabouts on whereabouts.customer_id = ids.customer_id
group by ids.customer_id, ids.since_as_of, ids.until_as_of
