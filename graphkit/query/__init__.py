"""Saved questions and free queries, their answers, result formats, and a worker that can be stopped."""
