"""Values and rules of the workbench; knows no window, no network and no database."""
