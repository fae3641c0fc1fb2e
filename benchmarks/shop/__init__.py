"""A made-up French shop: a seeded generator of the extracts that real tools would send.

`python -m benchmarks.shop --out data/sample` writes the committed sample. The product never
imports this package; it only reads the files.
"""
