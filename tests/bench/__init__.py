"""Measurements, as ratios within one run. Not tests: `make bench` runs them."""
