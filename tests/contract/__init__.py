"""Broken input: each kind of broken file is refused with a sentence that says what to do."""
