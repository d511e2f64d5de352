"""What must be true whatever was done to the platform. Each module looks at the evidence and returns its findings."""
