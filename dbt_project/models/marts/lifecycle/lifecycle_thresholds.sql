{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    full_refresh=false,
) }}
{# After a purchase four of five who come back have done so by the first threshold, and nineteen of
   twenty by the second. Only purchases count whose customer had as long to come back as any other: a
   year, or half of a shorter history. Counting young ones too would hold the slow for lost; counting
   those who never come back would hold the fast for late. #}
{% set at_risk_share, lapsed_share = 0.8, 0.95 %}
{% set fewest_gaps, shortest_horizon_days = 100, 56 %}

with horizon as (
    select
        cast(least(
            364, floor({{ days_between('min(ordered_date)', as_of()) }} / 2.0)
        ) as integer) as horizon_days
    from {{ ref('purchase_gaps') }}
),

gaps as (
    select gaps.order_band, gaps.channel_group, gaps.gap_days
    from {{ ref('purchase_gaps') }} as gaps
    cross join horizon
    where horizon.horizon_days >= {{ shortest_horizon_days }}
        and gaps.ordered_date <= {{ as_of() }} - horizon.horizon_days
        and gaps.ordered_date >= {{ as_of() }} - horizon.horizon_days - 728
        and gaps.gap_days <= horizon.horizon_days
),

{# From the narrow to the wide: a segment, its band on all channels, one-time or repeat buyers. #}
{%- set groupings = {
    'segment': ['order_band', 'channel_group'],
    'band': ['order_band'],
    'kind': ["order_band = 'one'"],
} %}
{%- for name, columns in groupings.items() %}
by_{{ name }} as (
    select
        {%- for column in columns %}
        {{ column }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) as gaps_count,
        cast({{ quantile('gap_days', at_risk_share) }} as integer) as at_risk_after_days,
        cast({{ quantile('gap_days', lapsed_share) }} as integer) as lapsed_after_days
    from gaps
    group by {{ columns | join(', ') }}
),
{%- endfor %}

segments as (
    select bands.order_band, channels.channel_group
    from (
        values ('one'), ('two'), ('every_30_days'), ('every_60_days'), ('every_120_days'), ('rarer')
    ) as bands (order_band)
    cross join (values ('online'), ('store'), ('other')) as channels (channel_group)
),

learnt as (
    select
        segments.order_band,
        segments.channel_group,
        coalesce(by_segment.gaps_count, 0) as gaps_count,
        case
            when by_segment.gaps_count >= {{ fewest_gaps }} then 'segment'
            when by_band.gaps_count >= {{ fewest_gaps }} then 'band'
            when by_kind.gaps_count >= {{ fewest_gaps }} then 'kind'
            else 'default'
        end as learnt_from,
        by_segment.at_risk_after_days as segment_at_risk,
        by_segment.lapsed_after_days as segment_lapsed,
        by_band.at_risk_after_days as band_at_risk,
        by_band.lapsed_after_days as band_lapsed,
        by_kind.at_risk_after_days as kind_at_risk,
        by_kind.lapsed_after_days as kind_lapsed
    from segments
    left join by_segment
        on by_segment.key_1 = segments.order_band and by_segment.key_2 = segments.channel_group
    left join by_band on by_band.key_1 = segments.order_band
    left join by_kind on by_kind.key_1 = (segments.order_band = 'one')
),

chosen as (
    select
        *,
        {# Where nothing can be learnt: a quarter, and half a year. #}
        case learnt_from
            when 'segment' then segment_at_risk when 'band' then band_at_risk
            when 'kind' then kind_at_risk else 91
        end as at_risk_after_days,
        case learnt_from
            when 'segment' then segment_lapsed when 'band' then band_lapsed
            when 'kind' then kind_lapsed else 182
        end as lapsed_after_days
    from learnt
)

select
    {{ as_of() }} as as_of,
    chosen.order_band,
    chosen.channel_group,
    chosen.at_risk_after_days,
    greatest(chosen.lapsed_after_days, chosen.at_risk_after_days + 1) as lapsed_after_days,
    chosen.gaps_count,
    chosen.learnt_from <> 'segment' as is_fallback,
    chosen.learnt_from,
    horizon.horizon_days
from chosen
cross join horizon
