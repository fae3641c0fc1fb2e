{{ staged(
    'campaign_sends',
    key=['campaign_id', 'contact_id', 'email', 'sent_at', 'send_id'],
    identifiers=['contact_id', 'email'],
    columns=[
        'campaign_id', 'contact_id', 'email', 'sent_at', 'send_id', 'arm',
        'assignment_probability', 'variant'
    ],
) }}
