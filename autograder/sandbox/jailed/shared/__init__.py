"""What both sides of the line use: frames of plain data, and the shell that runs cells."""
