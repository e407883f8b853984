"""The book and the browser edition: what builds them from course/."""
