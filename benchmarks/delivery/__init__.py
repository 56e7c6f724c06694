"""Delivery to the agencies' queues, measured against itself: see :mod:`benchmarks.delivery.__main__`."""
