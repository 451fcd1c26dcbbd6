"""`python -m followguard` and the `followguard` command."""


def main() -> None:
    """Runs the command line."""
    from followguard.cli.app import run

    run()


if __name__ == "__main__":
    main()
