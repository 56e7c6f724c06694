"""The kinds of sheets about sellers and listings. :mod:`members.services.imports` runs the imports."""
