"""Leaf helpers. They import Django and libraries only, never an app of this project."""
