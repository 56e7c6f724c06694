"""Texts and names of the demo. Every name, number and address is fictitious."""
