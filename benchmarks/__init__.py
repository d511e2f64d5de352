"""How fast Baoke is, beside its peers, in one run. Nothing here is installed or imported by the platform."""
