"""What the cells of a notebook call: checks, hints, worked solutions and pictures."""
