"""What runs inside the virtual environment, and so may import Django and the other packages."""
