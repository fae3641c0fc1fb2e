{{ staged(
    'exchange_rates',
    key=['currency', 'date'],
    columns=[
        'currency', 'date', 'rate'
    ],
) }}
