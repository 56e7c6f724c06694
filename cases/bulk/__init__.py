"""Bulk actions: a file for each verb, which calls the single verb for a case; ``jobs`` runs them row by row."""
