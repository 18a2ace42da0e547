"""`python -m workbench.evaluation`."""

if __name__ == "__main__":
    import sys

    from workbench.evaluation.command_line import main

    sys.exit(main())
