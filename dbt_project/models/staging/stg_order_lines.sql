{{ staged(
    'order_lines',
    key=['order_id', 'line_number'],
    columns=[
        'order_id', 'line_number', 'product_id', 'quantity', 'unit_price', 'occurred_at',
        'discount_amount'
    ],
) }}
