{{ staged(
    'exclusions',
    key=['email', 'phone', 'contact_id', 'reason'],
    identifiers=['contact_id', 'email', 'phone'],
    columns=[
        'email', 'phone', 'contact_id', 'reason', 'until'
    ],
) }}
