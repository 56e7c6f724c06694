"""Helpers that import only Django and libraries, never an app of this project."""
