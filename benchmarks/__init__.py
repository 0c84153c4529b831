"""Measurements, each a ratio to a named yardstick of the same run; never part of the tests."""
