{# What an incremental fact or history reads and replaces. Extracts from `since` (usually the night)
   on are redone, and so are those that a missed night left out. #}

{# pre_hook: forget what was learnt from `since` on, inside the model's own transaction. #}
{% macro forget_since() -%}
    {% if is_incremental() %}
    delete from {{ this }} where known_from_date >= date '{{ var("since") }}'
    {% endif %}
{%- endmacro %}

{# The first extract_date to read, as a literal so that DuckDB can skip row groups. #}
{% macro first_unread() -%}
    {{ extract_after(this if is_incremental() else none) }}
{%- endmacro %}

{# The first extract that `relation` does not hold, or that is done again; of none, the beginning. #}
{% macro extract_after(relation) -%}
    {%- if execute and relation is not none -%}
        {%- set query -%}
            select cast(coalesce(max(known_from_date) + 1, date '0001-01-01') as varchar)
            from {{ relation }} where known_from_date < date '{{ var("since") }}'
        {%- endset -%}
        date '{{ run_query(query).columns[0].values()[0] }}'
    {%- else -%}
        date '0001-01-01'
    {%- endif -%}
{%- endmacro %}

{# One text per row that differs when any of the columns does. #}
{% macro row_hash(columns) -%}
    md5(concat_ws('|'
    {%- for column in columns -%}
        , coalesce(cast({{ column }} as varchar), '∅')
    {%- endfor -%}
    ))
{%- endmacro %}

{# A number that tells rows apart by these columns, nearly always: who relies on it looks again. #}
{% macro short_hash(columns) -%}
    {{ return(adapter.dispatch('short_hash')(columns)) }}
{%- endmacro %}

{% macro duckdb__short_hash(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}

{% macro spark__short_hash(columns) -%} xxhash64({{ columns | join(', ') }}) {%- endmacro %}

{# CTEs that turn `staged` (one row per key and extract, with row_hash and known_from_date) into
   versions: `history` has one row per key and change. A record sent again unchanged is no version.
   Keys that the new extracts touch are redone from all their versions, so increments and a full
   rebuild give the same rows.

   first_valid_from, later_valid_from: SQL for the moment a first or later version became valid. It
   never runs backwards within a key. #}
{% macro history(staged, key, columns, first_valid_from, later_valid_from) %}
touched as (
    select {{ key }} from {{ staged }}
    {%- if is_incremental() %}
    union
    select {{ key }} from {{ this }}
    where known_until_date >= {{ first_unread() }} and known_until_date < {{ forever() }}
    {%- endif %}
),

known as (
    select {{ columns | join(', ') }}, row_hash, known_from_date
    from {{ staged }}
    {%- if is_incremental() %}
    union all
    select {{ columns | join(', ') }}, row_hash, known_from_date
    from {{ this }}
    where known_from_date < {{ first_unread() }}
        and {{ key }} in (select {{ key }} from touched)
    {%- endif %}
),

compared as (
    select *, lag(row_hash) over (partition by {{ key }} order by known_from_date) as last_hash
    from known
),

numbered as (
    select
        *,
        cast(row_number() over (partition by {{ key }} order by known_from_date) as integer)
            as version_number,
        coalesce(
            lead(known_from_date) over (partition by {{ key }} order by known_from_date),
            {{ forever() }}
        ) as known_until_date
    from compared
    where row_hash is distinct from last_hash
),

dated as (
    select
        *,
        max(
            case when version_number = 1 then {{ first_valid_from }} else {{ later_valid_from }} end
        ) over (
            partition by {{ key }} order by known_from_date
            rows between unbounded preceding and current row
        ) as valid_from
    from numbered
),

history as (
    select
        {{ columns | join(', ') }},
        version_number,
        valid_from,
        {{ shop_date('valid_from') }} as valid_from_date,
        coalesce(
            {{ shop_date('lead(valid_from) over (partition by ' ~ key ~ ' order by known_from_date)') }},
            {{ forever() }}
        ) as valid_until_date,
        known_from_date,
        known_until_date,
        row_hash
    from dated
)
{% endmacro %}

{# CTE `first_seen`: rows of `staged` whose key no earlier extract brought. For events, which do not
   change: a record sent again is the same event. #}
{% macro first_seen(staged, key) %}
ranked as (
    select
        *,
        row_number() over (partition by {{ key }} order by known_from_date) as sighting
    from {{ staged }}
),

first_seen as (
    select ranked.*
    from ranked
    where ranked.sighting = 1
    {%- if is_incremental() %}
        and not exists (
            select 1 from {{ this }} as earlier
            where earlier.{{ key }} = ranked.{{ key }}
                and earlier.known_from_date < {{ first_unread() }}
        )
    {%- endif %}
)
{% endmacro %}

{# The moment of the earliest web event that is still to be read, as a literal: what happened before
   it cannot be a copy of it, so DuckDB skips those row groups. #}
{% macro earliest_unread_event() -%}
    {%- if execute and is_incremental() -%}
        {%- set query -%}
            select cast(coalesce(min(occurred_at), timestamp '0001-01-01') as varchar)
            from {{ source('raw', 'web_events') }} where extract_date >= {{ first_unread() }}
        {%- endset -%}
        timestamp '{{ run_query(query).columns[0].values()[0] }}'
    {%- else -%}
        timestamp '0001-01-01'
    {%- endif -%}
{%- endmacro %}

{# post_hook of tables that hold one partition per as_of: the nights of the last weeks stay, the
   dates that models are trained on, and what this call was asked for. #}
{% macro forget_old_dates() -%}
    delete from {{ this }}
    where as_of < date '{{ var("snapshots_since") }}'
        and as_of not in (select as_of from ({{ date_rows(var('as_ofs')) }}) as asked)
        and {{ days_between("date '1970-01-05'", 'as_of') }} % {{ var('anchor_every_days') }} <> 0
{%- endmacro %}

{# post_hook of what is kept of past dates about customers: who objects to profiling leaves it, also
   in what was made before they said so. Whoever never objected is passed over first: nearly all. #}
{% macro forget_objectors() -%}
    delete from {{ this }}
    where customer_id in (select customer_id from {{ ref('profiling_objections') }})
        and exists (
            select 1 from {{ ref('profiling_objections') }} as objections
            where objections.customer_id = {{ this }}.customer_id
                and {{ held_at('objections', this ~ '.as_of', this ~ '.extract_cut') }}
        )
{%- endmacro %}
