"""Benchmarks and generated shops; never imported by the product."""
