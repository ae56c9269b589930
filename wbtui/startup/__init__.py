"""The steps of start-up that come before the first frame, and the loading that waits until after it."""
