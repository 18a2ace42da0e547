"""`workbench evaluate`: measure a method on folders of pictures with truth."""

from workbench.evaluation.command_line import add_arguments, run

__all__ = ["add_arguments", "run"]
