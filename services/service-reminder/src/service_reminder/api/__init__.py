"""This service over HTTP."""
