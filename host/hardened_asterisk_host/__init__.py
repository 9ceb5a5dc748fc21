"""What runs on the PBX: activates a bundle as one transaction, confirms it, or leaves everything as it was."""
