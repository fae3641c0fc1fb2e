{{ staged(
    'campaign_events',
    key=['campaign_id', 'send_id', 'contact_id', 'email', 'event_name', 'occurred_at'],
    identifiers=['contact_id', 'email'],
    columns=[
        'campaign_id', 'send_id', 'contact_id', 'email', 'event_name', 'occurred_at',
        'is_machine'
    ],
) }}
