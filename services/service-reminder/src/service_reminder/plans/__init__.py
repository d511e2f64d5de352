"""Plan files: the ones that ship with the product, and how any of them is read."""
