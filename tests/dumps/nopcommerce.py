"""Tables of a nopCommerce database (SQL Server): names in PascalCase, times called Utc, states as
numbers in three columns, GUIDs, a list of subscribers without words."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, uuid, write

STATUS = {"pending": 10, "paid": 20, "shipped": 20, "completed": 30, "cancelled": 40,
          "refunded": 30}  # fmt: skip
PAYMENT = {"pending": 10, "cancelled": 50, "refunded": 40}
SHIPPING = {"pending": 20, "paid": 20, "cancelled": 20, "shipped": 30}
TIME = "%Y-%m-%d %H:%M:%S.1230000"


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "Order.csv",
        [
            {
                "Id": o.id,
                "CustomOrderNumber": o.id,
                "BillingAddressId": 2 * o.id,
                "CustomerId": o.customer.id,
                "PickupAddressId": "NULL",
                "ShippingAddressId": 2 * o.id + 1,
                "OrderGuid": uuid("order", o.id).upper(),
                "StoreId": 1,
                "PickupInStore": 0,
                "OrderStatusId": STATUS[o.state],
                "ShippingStatusId": SHIPPING.get(o.state, 40),
                "PaymentStatusId": PAYMENT.get(o.state, 30),
                "PaymentMethodSystemName": "Payments.CheckMoneyOrder",
                "CustomerCurrencyCode": "EUR",
                "CurrencyRate": "1.00000000",
                "CustomerTaxDisplayTypeId": 0,
                "VatNumber": "NULL",
                "OrderSubtotalInclTax": money(o.goods, 4),
                "OrderSubtotalExclTax": money(net(o.goods), 4),
                "OrderSubTotalDiscountInclTax": money(0, 4),
                "OrderSubTotalDiscountExclTax": money(0, 4),
                "OrderShippingInclTax": money(o.shipping, 4),
                "OrderShippingExclTax": money(net(o.shipping), 4),
                "PaymentMethodAdditionalFeeInclTax": money(0, 4),
                "PaymentMethodAdditionalFeeExclTax": money(0, 4),
                "TaxRates": f"20:{money(o.tax)};",
                "OrderTax": money(o.tax, 4),
                "OrderDiscount": money(o.discount, 4),
                "OrderTotal": money(o.total, 4),
                "RefundedAmount": money(o.total if o.state == "refunded" else 0, 4),
                "CustomerLanguageId": 1,
                "AffiliateId": 0,
                "CustomerIp": "127.0.0.1",
                "AllowStoringCreditCardNumber": 0,
                "CardType": "",
                "PaidDateUtc": time(o.paid, TIME, "NULL"),
                "ShippingMethod": "Ground",
                "Deleted": int(o.id % 97 == 5),
                "CreatedOnUtc": time(o.placed, TIME),
                "RedeemedRewardPointsEntryId": "NULL",
            }
            for o in shop.placed
        ],
    )
    write(
        folder / "OrderItem.csv",
        [
            {
                "Id": line.id,
                "OrderId": o.id,
                "ProductId": line.product.id,
                "OrderItemGuid": uuid("line", line.id).upper(),
                "Quantity": line.quantity,
                "UnitPriceInclTax": money(line.price, 4),
                "UnitPriceExclTax": money(net(line.price), 4),
                "PriceInclTax": money(line.total, 4),
                "PriceExclTax": money(net(line.total), 4),
                "DiscountAmountInclTax": money(0, 4),
                "DiscountAmountExclTax": money(0, 4),
                "OriginalProductCost": money(net(line.price) // 2, 4),
                "AttributeDescription": "",
                "AttributesXml": "",
                "DownloadCount": 0,
                "IsDownloadActivated": 0,
                "LicenseDownloadId": 0,
                "ItemWeight": "2.0000",
                "RentalStartDateUtc": "NULL",
                "RentalEndDateUtc": "NULL",
            }
            for o in shop.placed
            for line in o.lines
        ],
    )
    write(
        folder / "Customer.csv",
        [
            {
                "Id": c.id,
                "CustomerGuid": uuid("customer", c.id).upper(),
                "Username": c.email,
                "Email": c.email,
                "FirstName": c.first,
                "LastName": c.last,
                "Gender": "F" if c.is_woman else "M",
                "DateOfBirth": f"{c.born} 00:00:00.0000000" if c.born else "NULL",
                "Company": "NULL",
                "StreetAddress": f"{c.id} rue Haute",
                "ZipPostalCode": c.postcode,
                "City": c.town,
                "CountryId": 73,
                "Phone": c.phone,
                "VatNumberStatusId": 10,
                "AdminComment": "NULL",
                "IsTaxExempt": 0,
                "AffiliateId": 0,
                "HasShoppingCartItems": 0,
                "RequireReLogin": 0,
                "FailedLoginAttempts": 0,
                "Active": 1,
                "Deleted": int(c.id % 40 == 0),
                "IsSystemAccount": 0,
                "LastIpAddress": "127.0.0.1",
                "CreatedOnUtc": time(c.joined, TIME),
                "LastLoginDateUtc": time(c.updated, TIME),
                "LastActivityDateUtc": time(c.updated, TIME),
                "RegisteredInStoreId": 1,
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "NewsLetterSubscription.csv",
        [
            {
                "Id": c.id,
                "NewsLetterSubscriptionGuid": uuid("letter", c.id).upper(),
                "Email": c.email,
                "Active": int(c.id % 6 == 0),
                "StoreId": 1,
                "LanguageId": 1,
                "CreatedOnUtc": time(c.joined, TIME),
            }
            for c in shop.customers
            if c.agreed
        ],
    )
    write(
        folder / "Product.csv",
        [
            {
                "Id": p.id,
                "Name": p.name,
                "MetaKeywords": "NULL",
                "ProductTypeId": 5,
                "ParentGroupedProductId": 0,
                "ShortDescription": f"A fine thing, number {p.id}",
                "Sku": p.sku,
                "VendorId": 0,
                "ShowOnHomepage": 0,
                "IsShipEnabled": 1,
                "TaxCategoryId": 1,
                "StockQuantity": 50,
                "Price": money(p.price, 4),
                "OldPrice": money(0, 4),
                "ProductCost": money(net(p.price) // 2, 4),
                "Weight": "2.0000",
                "Published": 1,
                "Deleted": 0,
                "CreatedOnUtc": "2024-11-03 10:00:00.0000000",
                "UpdatedOnUtc": "2025-02-03 10:00:00.0000000",
            }
            for p in shop.products
        ],
    )
    write(
        folder / "Product_Category_Mapping.csv",
        [
            {"Id": p.id, "CategoryId": 1 + p.kind, "ProductId": p.id, "IsFeaturedProduct": 0,
             "DisplayOrder": 1}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "Category.csv",
        [
            {"Id": n, "Name": name, "ParentCategoryId": 0, "Published": 1, "Deleted": 0,
             "DisplayOrder": n, "CreatedOnUtc": "2024-11-03 10:00:00.0000000",
             "UpdatedOnUtc": "2024-11-03 10:00:00.0000000"}
            for n, name in enumerate(shop.kinds, start=1)
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: Order.csv
    format: csv
    time_zone: UTC
    columns:
      order_id: Id
      ordered_at: CreatedOnUtc
      status: OrderStatusId
      total_amount: OrderTotal
      contact_id: CustomerId
      currency: CustomerCurrencyCode
      discount_amount: OrderDiscount
      shipping_amount: OrderShippingInclTax
      tax_amount: OrderTax
      store_id: StoreId
    values:
      status: {"10": pending, "20": paid, "30": completed, "40": cancelled}
    overrides:
      status:
        PaymentStatusId: {"40": refunded}
    skip:
      Deleted: ["1"]
  lines:
    entity: order_lines
    path: OrderItem.csv
    format: csv
    columns:
      order_id: OrderId
      line_number: Id
      product_id: ProductId
      quantity: Quantity
      unit_price: UnitPriceInclTax
      discount_amount: DiscountAmountInclTax
  customers:
    entity: contacts
    path: Customer.csv
    format: csv
    time_zone: UTC
    empty_values: ["NULL"]
    columns:
      contact_id: Id
      email: Email
      phone: Phone
      first_name: FirstName
      last_name: LastName
      gender: Gender
      birth_date: DateOfBirth
      postal_code: ZipPostalCode
      city: City
      created_at: CreatedOnUtc
      updated_at: LastActivityDateUtc
      is_deleted: Deleted
  subscribers:
    entity: consents
    path: NewsLetterSubscription.csv
    format: csv
    time_zone: UTC
    columns: {email: Email, status: Active, changed_at: CreatedOnUtc}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: Product.csv
    format: csv
    columns:
      product_id: Id
      name: Name
      price: Price
      is_active: Published
    constants: {category: uncategorised}
"""
