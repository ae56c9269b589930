"""Try a credential that is being entered, against the service that it is for.

One module for each service, and `table` says which use case is tried by which. Nothing here is loaded before one asks
for it, and nothing knows a screen or the cluster.
"""
