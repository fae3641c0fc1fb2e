"""A simulated French retailer (fashion and home; web, app, 40 stores) that answers to what is sent.

People live day by day in blocks that know nothing of each other; what happened leaves as extracts,
in the manner of real tools, and as the truth, which no pipeline may read."""
