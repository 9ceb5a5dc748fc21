"""Delivery to an instance on AWS: what the delivery document calls on the host."""
