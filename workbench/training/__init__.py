"""Training of the network: manipulations, forgeries, recipes. The application imports nothing from here."""
