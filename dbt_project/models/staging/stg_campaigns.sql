{{ staged(
    'campaigns',
    key=['campaign_id'],
    columns=[
        'campaign_id', 'name', 'channel', 'starts_at', 'ends_at', 'theme', 'category',
        'offer_type', 'offer_rate', 'coupon_code', 'cost_per_contact', 'capacity', 'audience',
        'status'
    ],
) }}
