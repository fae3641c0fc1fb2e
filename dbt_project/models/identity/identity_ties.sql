{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{# How many share an identifier, in the order in which that became known: an address is shared by
   profiles, a browser by those who sign in on it. Who comes later changes no earlier place. #}
with pairs as (
    select
        profile_id,
        identifier_type,
        identifier,
        profile_id like 'visitor:%' as is_browser,
        min(known_from_date) as known_from_date,
        min_by(seen_at, {{ row_order(['known_from_date', 'seen_at']) }}) as seen_at,
        min_by(seen_date, {{ row_order(['known_from_date', 'seen_at']) }}) as seen_date
    from {{ ref('identity_edges') }}
    where known_from_date >= {{ first_unread() }}
    group by 1, 2, 3
),

new_pairs as (
    select
        pairs.*,
        {{ shared_thing('pairs') }} as shared
    from pairs
    {%- if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as earlier
        where earlier.profile_id = pairs.profile_id
            and earlier.identifier_type = pairs.identifier_type
            and earlier.identifier = pairs.identifier
    )
    {%- endif %}
),

{%- if is_incremental() %}
earlier_pairs as (
    select shared, count(*) as pairs_count
    from {{ this }}
    where shared in (select shared from new_pairs)
    group by 1
),
{%- endif %}

placed as (
    select
        new_pairs.*,
        row_number() over (
            partition by new_pairs.shared
            order by new_pairs.known_from_date, new_pairs.seen_at, new_pairs.profile_id,
                new_pairs.identifier
        )
        {%- if is_incremental() %} + coalesce(earlier_pairs.pairs_count, 0)
        {%- endif %} as place
    from new_pairs
    {%- if is_incremental() %}
    left join earlier_pairs on earlier_pairs.shared = new_pairs.shared
    {%- endif %}
)

select
    profile_id,
    identifier_type,
    identifier,
    shared,
    is_browser,
    cast(place as integer) as place,
    cast(place - {{ most_sharing() }} as integer) as places_too_many,
    seen_at,
    seen_date,
    known_from_date
from placed
