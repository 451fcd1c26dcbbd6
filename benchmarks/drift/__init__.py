"""False alarms of drift in a quarter, and how soon a rise of spam is caught."""
