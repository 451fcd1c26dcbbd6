"""The web desk: guarded pages over the same verbs as the terminal's."""
