"""The static site: the book in `build/site/`, and the notebooks that run in the browser under `build/site/lite/`."""
