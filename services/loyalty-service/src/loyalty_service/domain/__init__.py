"""The rules of the programme: pure functions over frozen values, standard library only."""
