"""How fast extracts come in, beside the bare transfer of the same rows."""
