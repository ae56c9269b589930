"""How Sphinx builds these pages: `make docs`."""

import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

sys.path.insert(0, str(Path(__file__).parents[1]))

from wbtui import __version__

project = "wbtui"
version = release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["Thumbs.db"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"wbtui {__version__}"
html_copy_source = False
html_show_copyright = False


class LightPictures(SphinxTransform):
    """Put the light picture of a screen beside the dark one; the theme shows the one that fits."""

    default_priority = 400

    def apply(self) -> None:
        """Change the pictures of the page."""
        for dark in list(self.document.findall(nodes.image)):
            light = dark.deepcopy()
            light["uri"] = dark["uri"].replace("screenshots/", "screenshots/light/")
            dark["classes"].append("only-dark")
            light["classes"].append("only-light")
            dark.parent.insert(dark.parent.index(dark), light)


def setup(app: Sphinx) -> None:
    """Register what is ours."""
    app.add_transform(LightPictures)
