"""What the odometer row stands on: a fleet, a bare api to compare with, and somebody who reports readings."""
