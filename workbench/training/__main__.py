"""`python -m workbench.training`."""

if __name__ == "__main__":  # the background processes import this file, too, and need no neural runtime
    import sys

    from workbench.training.command_line import main

    sys.exit(main())
