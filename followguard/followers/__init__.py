"""Followers: reading an account's list each night, and finding one of them."""
