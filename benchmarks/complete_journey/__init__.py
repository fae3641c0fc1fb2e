"""The Complete Journey, a grocer's real year, as the extract files that a shop would send."""
