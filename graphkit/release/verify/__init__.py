"""Verification of a released folder, ours or another's: each row of the table is proved, failed or skipped."""
