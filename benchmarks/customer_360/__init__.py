"""How right and how fast the customer 360 is, beside the simulator's truth and bare scans."""
