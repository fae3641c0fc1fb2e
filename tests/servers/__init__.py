"""Real servers for tests: each is started for a test and ends with it."""
