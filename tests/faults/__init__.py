"""Kill, freeze and cut the platform while it works, then count: nothing lost, nothing doubled, nothing reordered."""
