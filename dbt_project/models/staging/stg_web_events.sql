{{ staged(
    'web_events',
    key=['event_id'],
    identifiers=['contact_id', 'email', 'visitor_id'],
    person=false,
    columns=[
        'event_id', 'occurred_at', 'visitor_id', 'event_name', 'session_id', 'contact_id',
        'email', 'product_id', 'category', 'order_id', 'page', 'source', 'medium', 'campaign',
        'device', 'consent_state'
    ],
) }}
