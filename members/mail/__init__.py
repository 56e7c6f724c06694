"""Email about accounts and roles."""
