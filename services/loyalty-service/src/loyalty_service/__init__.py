"""Points, tiers, rewards and referrals of a dealer group's customers."""
