{{ staged(
    'stock',
    key=['product_id', 'store_id'],
    ordered_by='observed_at',
    columns=[
        'product_id', 'observed_at', 'quantity', 'store_id'
    ],
) }}
