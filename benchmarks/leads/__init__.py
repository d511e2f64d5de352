"""What the rows of leads stand on: somebody who sends leads, bare apis to compare with, and leads that were lost."""
