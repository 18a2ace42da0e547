"""From a case to a record, HTML and exhibits."""
