"""What goes over the wire, through the asynchronous half of the client library, and nothing else of it.

As the library's packages are imported, they import all that is in them: its synchronous half with requests and OAuth,
and clients for what wbtui does not do. In their place stand packages that only know where their modules are.
"""

import sys
from importlib.util import find_spec, module_from_spec

for _name in ("kubernetes", "kubernetes.aio"):
    if _name not in sys.modules and (_spec := find_spec(_name)):
        sys.modules[_name] = module_from_spec(_spec)
        _parent, _, _child = _name.rpartition(".")
        if _parent:
            setattr(sys.modules[_parent], _child, sys.modules[_name])
