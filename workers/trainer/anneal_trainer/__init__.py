"""Anneal's trainer: one script per training method, run as `python -m anneal_trainer.<script>`."""
