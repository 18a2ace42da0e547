"""`workbench train`: train weights of our own."""

from workbench.training.command_line import add_arguments, run

__all__ = ["add_arguments", "run"]
