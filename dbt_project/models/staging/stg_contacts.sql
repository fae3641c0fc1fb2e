{{ staged(
    'contacts',
    key=['contact_id'],
    ordered_by='updated_at',
    identifiers=['contact_id', 'loyalty_id', 'email', 'phone'],
    columns=[
        'contact_id', 'updated_at', 'created_at', 'email', 'phone', 'first_name', 'last_name',
        'birth_date', 'gender', 'postal_code', 'city', 'country', 'language', 'loyalty_id',
        'loyalty_tier', 'acquisition_source', 'is_deleted', 'extra'
    ],
) }}
