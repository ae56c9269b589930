"""Clusters behind the Kubernetes API, reached by the asynchronous half of the client library.

Importing the library's packages would also import its synchronous half, with requests and OAuth, and clients for all
API groups. So the two packages are replaced by empty ones, whose modules are found and imported one by one.
"""

import sys
from importlib.util import find_spec, module_from_spec

for _name in ("kubernetes", "kubernetes.aio"):
    if _name not in sys.modules and (_spec := find_spec(_name)):
        sys.modules[_name] = module_from_spec(_spec)
        _parent, _, _child = _name.rpartition(".")
        if _parent:
            setattr(sys.modules[_parent], _child, sys.modules[_name])
