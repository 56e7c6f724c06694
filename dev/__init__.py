"""The launcher: starts, tests and checks the portal from a bare checkout.

It runs on the system's Python before any package is installed, so it imports the standard library only.
The modules in `dev.inside` run in the virtual environment and may import packages.
"""
