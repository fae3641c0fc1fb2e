"""Tables of a Spanish ERP: Spanish names and words, semicolons, decimal commas, days before months,
S and N for yes and no."""

from pathlib import Path

from tests.dumps.shop import Shop, net, time, write

ESTADO = {"pending": "Pendiente", "paid": "Pagado", "shipped": "Enviado", "completed": "Entregado",
          "cancelled": "Anulado", "refunded": "Devuelto"}  # fmt: skip
TIME = "%d/%m/%Y %H:%M:%S"


def _euros(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "PEDIDOS.csv",
        [
            {
                "NumPedido": f"P{o.id:06d}",
                "FechaPedido": time(o.placed, TIME),
                "FechaModificacion": time(o.updated, TIME),
                "CodCliente": f"C{o.customer.id:05d}",
                "Estado": ESTADO[o.state],
                "BaseImponible": _euros(net(o.total)),
                "CuotaIva": _euros(o.tax),
                "ImporteTotal": _euros(o.total),
                "GastosEnvio": _euros(o.shipping),
                "Descuento": _euros(o.discount),
                "FormaPago": "Tarjeta",
                "Divisa": "EUR",
                "Observaciones": "",
            }
            for o in shop.placed
        ],
        ";",
        "windows-1252",
    )
    write(
        folder / "LINEAS_PEDIDO.csv",
        [
            {
                "NumPedido": f"P{o.id:06d}",
                "NumLinea": line.rank,
                "CodArticulo": line.product.sku,
                "Descripcion": line.product.name,
                "Cantidad": line.quantity,
                "PrecioUnitario": _euros(line.price),
                "ImporteLinea": _euros(line.total),
            }
            for o in shop.placed
            for line in o.lines
        ],
        ";",
        "windows-1252",
    )
    write(
        folder / "CLIENTES.csv",
        [
            {
                "CodCliente": f"C{c.id:05d}",
                "Nombre": c.first,
                "Apellidos": c.last,
                "CorreoElectronico": c.email,
                "Telefono": c.phone,
                "FechaNacimiento": f"{c.born:%d/%m/%Y}" if c.born else "",
                "Sexo": "M" if c.is_woman else "H",
                "Direccion": f"{c.id} rue Haute",
                "CodigoPostal": c.postcode,
                "Poblacion": c.town,
                "Pais": "FR",
                "AceptaPublicidad": "S" if c.agreed else "N",
                "FechaAlta": time(c.joined, TIME),
                "FechaModificacion": time(c.updated, TIME),
            }
            for c in shop.customers
        ],
        ";",
        "windows-1252",
    )
    write(
        folder / "ARTICULOS.csv",
        [
            {
                "CodArticulo": p.sku,
                "Descripcion": p.name,
                "Familia": shop.kinds[p.kind],
                "Marca": p.brand,
                "Pvp": _euros(p.price),
                "Coste": _euros(net(p.price) // 2),
                "Activo": "S",
                "Existencias": 50,
            }
            for p in shop.products
        ],
        ";",
        "windows-1252",
    )
    write(
        folder / "FAMILIAS.csv",
        [{"CodFamilia": n, "Descripcion": name} for n, name in enumerate(shop.kinds, start=1)],
        ";",
        "windows-1252",
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: PEDIDOS.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d/%m/%Y %H:%M:%S"
    columns:
      order_id: NumPedido
      ordered_at: FechaPedido
      updated_at: FechaModificacion
      status: Estado
      total_amount: ImporteTotal
      tax_amount: CuotaIva
      shipping_amount: GastosEnvio
      discount_amount: Descuento
      currency: Divisa
      contact_id: CodCliente
    values:
      status: {Pendiente: pending, Pagado: paid, Enviado: shipped, Entregado: completed,
               Anulado: cancelled, Devuelto: refunded}
  lines:
    entity: order_lines
    path: LINEAS_PEDIDO.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: NumPedido
      line_number: NumLinea
      product_id: CodArticulo
      quantity: Cantidad
      unit_price: PrecioUnitario
  customers:
    entity: contacts
    path: CLIENTES.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    timestamp_format: "%d/%m/%Y %H:%M:%S"
    date_format: "%d/%m/%Y"
    columns:
      contact_id: CodCliente
      email: CorreoElectronico
      phone: Telefono
      first_name: Nombre
      last_name: Apellidos
      birth_date: FechaNacimiento
      gender: Sexo
      postal_code: CodigoPostal
      city: Poblacion
      country: Pais
      created_at: FechaAlta
      updated_at: FechaModificacion
  newsletter:
    entity: consents
    path: CLIENTES.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    timestamp_format: "%d/%m/%Y %H:%M:%S"
    columns: {contact_id: CodCliente, status: AceptaPublicidad, changed_at: FechaModificacion}
    constants: {channel: email}
    values:
      status: {N: withdrawn, S: granted}
  products:
    entity: products
    path: ARTICULOS.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      product_id: CodArticulo
      name: Descripcion
      category: Familia
      brand: Marca
      price: Pvp
      is_active: Activo
    values:
      is_active: {S: "true"}
"""
