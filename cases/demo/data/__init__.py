"""The raw material of the demo alliance. Every name, number and address here is invented."""
