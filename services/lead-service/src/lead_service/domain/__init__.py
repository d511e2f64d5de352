"""The rules of leads. Standard library only; time and chance are arguments."""
