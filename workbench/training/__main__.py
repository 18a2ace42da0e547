"""`python -m workbench.training`."""

if __name__ == "__main__":  # the background processes import this file, too, and need no neural runtime
    import os
    import sys

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported: its remarks on itself
    from workbench.training.command_line import main

    sys.exit(main())
