"""Training of the network: manipulations, forgeries and the recipes. The application imports nothing from here."""
