"""Chinese figures grouped by three with a comma, as Chinese statistics and banks write them; Django groups none."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
