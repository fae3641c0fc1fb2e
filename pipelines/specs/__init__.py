"""Declarations: the input contract, the shop's configuration, the models, the checks."""
