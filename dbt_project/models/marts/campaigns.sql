with open_campaigns as (
    select
        campaign.*,
        campaign.starts_at <= {{ shop_midnight(as_of()) }} as has_started,
        campaign.ends_at > {{ shop_midnight(as_of()) }} as has_not_ended
    from {{ ref('campaign_history') }} as campaign
    where {{ known_at('campaign') }}
)

select
    {{ as_of() }} as as_of,
    campaign_id,
    name,
    channel,
    starts_at,
    ends_at,
    theme,
    category,
    offer_type,
    offer_rate,
    coupon_code,
    cost_per_contact,
    capacity,
    audience,
    status,
    {# A campaign without dates runs until somebody says otherwise. #}
    coalesce(has_started, true)
        and coalesce(has_not_ended, true)
        and coalesce(lower(status), '') not in ('cancelled', 'canceled') as is_active
from open_campaigns
