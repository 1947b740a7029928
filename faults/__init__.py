"""Interrupts every command at every change of the disk, and checks that nothing is lost: python -m faults."""
