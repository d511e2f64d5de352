"""Wrong on purpose: what the checker must catch, or its silence about the right thing means nothing."""
