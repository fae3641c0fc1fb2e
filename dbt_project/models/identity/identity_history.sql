{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='profile_id',
    pre_hook="{{ forget_since() }}",
) }}
{# A cell is a profile and the dates between two changes. Within each, the extracts that told another
   owner follow each other; then neighbours that always told the same are joined. So the rows are a
   function of what is known, however many calls it took to learn it. #}
with news as (
    select
        members.profile_id,
        'c_' || left(md5(names.profile_id), 16) as customer_id,
        owners.known_from_date,
        owners.first_date,
        owners.valid_from_date,
        coalesce(
            lead(owners.valid_from_date) over (
                partition by owners.member, owners.known_from_date order by owners.valid_from_date
            ),
            {{ forever() }}
        ) as valid_until_date
    from {{ ref('identity_owners') }} as owners
    inner join {{ ref('identity_members') }} as members on members.member = owners.member
    left join {{ ref('identity_members') }} as names on names.member = owners.name
),

{%- if is_incremental() %}
learnt as (
    select
        profile_id,
        customer_id,
        valid_from_date,
        valid_until_date,
        known_from_date,
        case when known_until_date >= date '{{ var("since") }}' then {{ forever() }}
            else known_until_date end as known_until_date
    from {{ this }}
    where profile_id in (
        select profile_id from news
        union
        select profile_id from {{ this }}
        where known_until_date >= date '{{ var("since") }}' and known_until_date < {{ forever() }}
    )
),
{%- else %}
learnt as (
    select
        profile_id,
        customer_id,
        valid_from_date,
        valid_from_date as valid_until_date,
        known_from_date,
        known_from_date as known_until_date
    from news
    where 1 = 0
),
{%- endif %}

boundaries as (
    select profile_id, valid_from_date as cell_date from news
    union
    select profile_id, valid_from_date from learnt
    union
    select profile_id, valid_until_date from learnt where valid_until_date < {{ forever() }}
),

{# From its first news on, an extract tells who everybody of the cluster is. #}
extracts as (
    select distinct profile_id, known_from_date, first_date from news
),

told as (
    select
        boundaries.profile_id,
        boundaries.cell_date,
        extracts.known_from_date,
        news.customer_id
    from boundaries
    inner join extracts
        on extracts.profile_id = boundaries.profile_id
        and extracts.first_date <= boundaries.cell_date
    left join news
        on news.profile_id = extracts.profile_id
        and news.known_from_date = extracts.known_from_date
        and news.valid_from_date <= boundaries.cell_date
        and news.valid_until_date > boundaries.cell_date
    union all
    select boundaries.profile_id, boundaries.cell_date, learnt.known_from_date, learnt.customer_id
    from boundaries
    inner join learnt
        on learnt.profile_id = boundaries.profile_id
        and learnt.valid_from_date <= boundaries.cell_date
        and learnt.valid_until_date > boundaries.cell_date
    union all
    select boundaries.profile_id, boundaries.cell_date, learnt.known_until_date, null
    from boundaries
    inner join learnt
        on learnt.profile_id = boundaries.profile_id
        and learnt.valid_from_date <= boundaries.cell_date
        and learnt.valid_until_date > boundaries.cell_date
    where learnt.known_until_date < {{ forever() }}
),

{# Where a row ended and another began at once, the other counts. #}
told_once as (
    select profile_id, cell_date, known_from_date, max(customer_id) as customer_id
    from told
    group by 1, 2, 3
),

compared as (
    select
        *,
        lag(customer_id) over (
            partition by profile_id, cell_date order by known_from_date
        ) as customer_before
    from told_once
),

cells as (
    select
        profile_id,
        cell_date,
        customer_id,
        known_from_date,
        coalesce(
            lead(known_from_date) over (
                partition by profile_id, cell_date order by known_from_date
            ),
            {{ forever() }}
        ) as known_until_date
    from compared
    where customer_id is distinct from customer_before
),

dated as (
    select
        cells.*,
        ends.cell_until
    from cells
    inner join (
        select
            profile_id,
            cell_date,
            coalesce(
                lead(cell_date) over (partition by profile_id order by cell_date), {{ forever() }}
            ) as cell_until
        from boundaries
    ) as ends
        on ends.profile_id = cells.profile_id and ends.cell_date = cells.cell_date
    where cells.customer_id is not null
),

neighbours as (
    select
        *,
        lag(cell_until) over (
            partition by profile_id, customer_id, known_from_date, known_until_date
            order by cell_date
        ) is distinct from cell_date as is_start
    from dated
),

runs as (
    select
        *,
        sum(cast(is_start as integer)) over (
            partition by profile_id, customer_id, known_from_date, known_until_date
            order by cell_date
        ) as run
    from neighbours
)

select
    profile_id,
    customer_id,
    min(cell_date) as valid_from_date,
    max(cell_until) as valid_until_date,
    known_from_date,
    known_until_date
from runs
group by profile_id, customer_id, known_from_date, known_until_date, run
