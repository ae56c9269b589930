"""What is wrong with secrets and with what refers to them: one table of checks."""
