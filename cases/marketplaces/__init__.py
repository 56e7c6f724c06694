"""URLs: normalisation, and the marketplace and shop that they belong to."""
