{{ config(materialized='view') }}
{# Profiles that a night moved from one customer to another. Where the one is gone with it, the two
   were merged; where it lives on, it was split. #}
with moves as (
    select
        later.since_as_of as as_of,
        earlier.customer_id as old_customer_id,
        later.customer_id as new_customer_id,
        count(*) as profiles_count
    from {{ ref('customer_ledger') }} as later
    inner join {{ ref('customer_ledger') }} as earlier
        on earlier.profile_id = later.profile_id and earlier.until_as_of = later.since_as_of
    group by 1, 2, 3
)

select
    moves.as_of,
    moves.old_customer_id,
    moves.new_customer_id,
    case when exists (
        select 1 from {{ ref('customer_ledger') }} as remaining
        where remaining.customer_id = moves.old_customer_id
            and remaining.since_as_of < moves.as_of
            and remaining.until_as_of > moves.as_of
    ) then 'split' else 'merge' end as kind,
    moves.profiles_count
from moves
