"""Chinese number formats: thousands are grouped with a comma. Django groups by four."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
