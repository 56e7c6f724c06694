"""Benchmarks of delivery, see :mod:`benchmarks.delivery.__main__`."""
