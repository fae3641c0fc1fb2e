{{ config(materialized='view') }}
{# The one door to what happened to messages. Opens and clicks are traces of a person reading: whoever
   refused them leaves none, not even of the time before. #}
with traces as (
    select
        responses.*,
        of_address.contact_point_id is not null
            and not coalesce(responses.occurred_at >= of_address.tracked_again_at, false)
            or of_profile.profile_id is not null
            and not coalesce(responses.occurred_at >= of_profile.tracked_again_at, false)
            as is_refused
    from {{ ref('campaign_responses') }} as responses
    left join {{ ref('tracking_refusals') }} as of_address
        on of_address.contact_point_id = responses.contact_point_id
    left join {{ ref('tracking_refusals') }} as of_profile
        on of_profile.profile_id = responses.profile_id
    where responses.event_name in ('open', 'click')
)

select * from {{ ref('campaign_responses') }} where event_name not in ('open', 'click')
union all
select * exclude (is_refused) from traces where not is_refused
