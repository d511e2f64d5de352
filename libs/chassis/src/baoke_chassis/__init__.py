"""What every Baoke service would otherwise copy."""
