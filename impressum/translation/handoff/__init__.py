"""handoff: passages out to translators who work in Word or a CAT tool, and their text back into the chapters."""
