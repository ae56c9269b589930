"""Services of the tests, on loopback: those that credentials are for."""
