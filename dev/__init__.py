"""Starts, tests and checks the portal from a bare checkout.

Run by the system's own Python before any virtual environment exists, so everything here but the modules
under `dev.inside` uses the standard library only.
"""
