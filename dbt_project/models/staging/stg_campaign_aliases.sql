{{ staged(
    'campaign_aliases',
    key=['campaign_id', 'alias'],
    columns=[
        'campaign_id', 'alias'
    ],
) }}
