{{ staged(
    'erasure_requests',
    key=['contact_id', 'email', 'requested_at'],
    identifiers=['contact_id', 'email'],
    columns=[
        'contact_id', 'email', 'requested_at'
    ],
) }}
