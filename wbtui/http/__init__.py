"""A small client for HTTP/1.1 that loads fast.

`Client` sends requests over connections that it keeps; `Route` opens them, directly or through a proxy. llhttp parses
the answers. Nothing is sent twice but a GET, no redirect is followed, and there are no cookies.
"""
