"""How the simulated shop compares with public data: the facts, public figures and the page."""
