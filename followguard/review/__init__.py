"""Decisions of people about followers."""
