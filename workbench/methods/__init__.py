"""Analysis methods, one folder each: arrays in, arrays out."""
