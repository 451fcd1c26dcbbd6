"""What followguard learns from: the data card, the list of public sets, a made-up sample, and the converter."""
