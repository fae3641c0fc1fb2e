with maps as (
    select map.as_of, map.profile_id, map.customer_id
    from {{ ref('identity_map') }} as map
    where map.as_of in (select as_of from ({{ date_rows(var('as_ofs')) }}) as wanted)
),

sends as (
    select
        maps.as_of,
        maps.customer_id,
        count(*) filter (where {{ in_window('sends.sent_date', 'maps.as_of', 28) }})
            as sends_count_28d,
        count(*) filter (where sends.channel = 'email') as emails_received_count_91d
    from {{ ref('campaign_contacts') }} as sends
    inner join maps
        on maps.profile_id = sends.profile_id
        and {{ in_window('sends.sent_date', 'maps.as_of', 91) }}
    where sends.is_treated and sends.known_from_date <= {{ cut() }}
    group by 1, 2
),

responses as (
    select maps.as_of, maps.customer_id, {{ read_emails('responses', 'maps.as_of') }}
    from {{ ref('campaign_answers') }} as responses
    inner join maps
        on maps.profile_id = responses.profile_id
        and {{ is_read_email('responses', 'maps.as_of', cut()) }}
    group by 1, 2
)

select
    spine.as_of,
    spine.customer_id,
    coalesce(sends.sends_count_28d, 0) as sends_count_28d,
    coalesce(sends.emails_received_count_91d, 0) as emails_received_count_91d,
    coalesce(responses.emails_opened_count_91d, 0) as emails_opened_count_91d,
    coalesce(responses.emails_clicked_count_91d, 0) as emails_clicked_count_91d,
    {{ share(
        'coalesce(responses.emails_clicked_count_91d, 0)', 'sends.emails_received_count_91d'
    ) }}
        as emails_clicked_91d_rate,
    responses.last_click_days
from {{ ref('spine') }} as spine
left join sends
    on sends.as_of = spine.as_of and sends.customer_id = spine.customer_id
left join responses
    on responses.as_of = spine.as_of and responses.customer_id = spine.customer_id
