"""Programs that run in the virtual environment and may import Django and other packages."""
