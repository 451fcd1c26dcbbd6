"""What the jobs need of the store: one module of protocols for each noun, gathered in `work`."""
