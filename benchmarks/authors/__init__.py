"""What an author writes in each tool to read the same list endpoint."""
