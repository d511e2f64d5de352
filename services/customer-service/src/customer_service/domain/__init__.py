"""The rules about people, their vehicles and what they agreed to. Standard library only."""
