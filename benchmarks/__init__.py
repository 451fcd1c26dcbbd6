"""Measures of what followguard promises in numbers: `python -m benchmarks`, or `python -m benchmarks NAME`."""

BENCHES = {
    "startup": "CPU of `followguard --help` against a bare typer app",
    "journeys": "files of the program that an approval, a follow-back, a retraining and a promotion enter",
    "reads": "profiles paid for per new follower, thirty nights of a 50,000-follower account",
    "night": "the nightly job for 5,000 new followers: seconds and memory",
    "prove": "proving a history of 20,000 decisions, and the night's quick part of it: seconds",
    "speed": "features, model, calibration and reasons against a bare model; one follower; a million rows in chunks",
    "words": "false alarms of the word kinds, impostors found, and people taken for one (needs the public sets)",
    "forty_cards": "forty made-up followers as the desk shows them, for eyes instead of figures",
    "accuracy": "what the model makes of populations that it never saw (needs the public sets)",
    "recalibration": "the probabilities after 25 and 50 random decisions (needs the public sets)",
    "learning": "house models after 25 to 1,000 decisions, and what the gate lets pass (needs the public sets)",
    "retrain": "retraining on 5,000 decisions, rescoring 20,000 cards: seconds and memory",
    "bias": "whether the audit's estimate is right and holding back earned rightly, on simulated desks",
    "canaries": "whether honest learning passes the canaries and a liar doesn't (needs the public sets)",
    "desk": "time and CPU a key in the browser and at the terminal, 20,000 cards, eight people at once",
    "drift": "false alarms of drift in a quarter, and how soon a rise of spam is caught",
    "sixty_nights": "an account over sixty nights of real profiles, learning as it goes (needs the public sets)",
}
"""Modules and folders here, with what each measures. Each has `main() -> int`, which prints figures; 0 when kept."""
