{{ staged(
    'consents',
    key=['contact_id', 'email', 'phone', 'channel', 'purpose', 'changed_at', 'status'],
    identifiers=['contact_id', 'email', 'phone'],
    columns=[
        'contact_id', 'email', 'phone', 'channel', 'status', 'changed_at', 'purpose', 'origin'
    ],
) }}
