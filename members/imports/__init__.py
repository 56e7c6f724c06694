"""The kinds of sheets that members import, one file each. :mod:`members.services.imports` runs the imports."""
