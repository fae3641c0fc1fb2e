{{ staged(
    'attributes',
    key=['contact_id', 'email', 'hashed_email', 'name', 'provider'],
    ordered_by='observed_at',
    identifiers=['contact_id', 'email'],
    columns=[
        'contact_id', 'email', 'hashed_email', 'name', 'value', 'observed_at', 'provider'
    ],
) }}
