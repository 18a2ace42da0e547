"""`python -m workbench.evaluation`."""

if __name__ == "__main__":
    import os
    import sys

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported: its remarks on itself
    from workbench.evaluation.command_line import main

    sys.exit(main())
