"""Sheets that people upload: CSV and XLSX files are read into rows of texts, and error sheets are written.

Knows no noun of the portal. :mod:`reading` opens a file, :mod:`columns` finds the columns by their titles, and
:mod:`writing` writes templates and error sheets. A file is untrusted: limits are checked before it is parsed, and
formulas are never evaluated.
"""
