"""What people say is wrong in a program: kept with its row until staff have looked at it."""
