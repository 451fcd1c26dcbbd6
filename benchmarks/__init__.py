"""What followguard promises in numbers, measured: `python -m benchmarks`, or `python -m benchmarks NAME`."""

BENCHES = {
    "startup": "CPU of `followguard --help` against a bare typer app",
    "reads": "profiles paid for per new follower, thirty nights of a 50,000-follower account",
    "night": "the nightly job for 5,000 new followers: seconds and memory",
    "speed": "features, model, calibration and reasons against a bare model; one follower; a million rows in chunks",
    "accuracy": "what the model makes of populations that it never saw (needs the public sets)",
}
"""Module here -> what it measures. Each has `main() -> int`, which prints its figures; 0 when they are kept."""
