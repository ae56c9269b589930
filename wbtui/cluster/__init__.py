"""Clusters behind the Kubernetes API."""
