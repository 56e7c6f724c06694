"""The nouns of cases in the API for members (:mod:`members.api`)."""
