"""A lean client for HTTP/1.1: what a session needs of it, and nothing that takes long to load.

`Client` sends requests over connections that it keeps; `Route` opens them, directly or through a proxy. llhttp parses
the answers. Nothing is sent twice but a GET, no redirect is followed, and there are no cookies.
"""
