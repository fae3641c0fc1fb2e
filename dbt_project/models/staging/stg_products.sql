{{ staged(
    'products',
    key=['product_id'],
    columns=[
        'product_id', 'name', 'category', 'subcategory', 'brand', 'price', 'unit_margin',
        'is_active'
    ],
) }}
