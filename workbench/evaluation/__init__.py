"""Measuring methods on pictures whose truth is known: data sets, metrics, tables, thresholds, cards."""
