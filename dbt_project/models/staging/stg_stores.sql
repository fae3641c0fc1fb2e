{{ staged(
    'stores',
    key=['store_id'],
    columns=[
        'store_id', 'name', 'postal_code', 'country'
    ],
) }}
