"""What has to be done first as the program starts, and what can wait until the first frame is there."""
