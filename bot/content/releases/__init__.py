"""What is live: models put into the running engine, versions, and the way back."""
