"""Email: rows that are queued in a transaction, messages from templates, and their filter in the admin."""
