"""Nocturne: a nightly predictive-marketing pipeline (extracts in, import-ready files out)."""
