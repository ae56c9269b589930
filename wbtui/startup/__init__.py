"""What makes the first frame come early."""
