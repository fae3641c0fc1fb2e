{{ staged(
    'orders',
    key=['order_id'],
    ordered_by='updated_at',
    identifiers=['contact_id', 'loyalty_id', 'email', 'phone', 'visitor_id'],
    columns=[
        'order_id', 'ordered_at', 'status', 'total_amount', 'updated_at', 'cancelled_at',
        'channel', 'contact_id', 'email', 'phone', 'loyalty_id', 'visitor_id', 'currency',
        'discount_amount', 'shipping_amount', 'tax_amount', 'coupon_code', 'store_id'
    ],
) }}
