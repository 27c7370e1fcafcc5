"""Page: a picture and a text in one self-contained HTML file, for any browser, light or dark."""

from __future__ import annotations

import html
import re

# No script can run on the page and nothing is loaded, whatever stands in the picture.
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1a1a1a; --page: #f4f4f2; --frame: #9a9a9a; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e8e8e6; --page: #1c1d20; --frame: #5a5a5a; }} }}
body {{ margin: 0 auto; padding: 1.5rem; font: 1rem/1.5 Verdana, "DejaVu Sans", sans-serif;
       color: var(--ink); background: var(--page); }}
h1 {{ font-size: 1.4rem; margin: 0 0 .5rem; }}
p {{ max-width: 46rem; }}
.picture {{ overflow: auto; max-height: 85vh; margin: .5rem 0 1.5rem; border: 1px solid var(--frame);
           border-radius: 6px; background: #ffffff; }}
.picture svg {{ display: block; }}
#whole:checked ~ .picture svg {{ width: 100%; height: auto; }}
pre {{ overflow-x: auto; font: .85rem/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{caption}</p>
<input type="checkbox" id="whole"> <label for="whole">fit the whole picture into the window</label>
<div class="picture" role="region" aria-label="{title}" tabindex="0">
{svg}
</div>
<pre>{text}</pre>
</body>
</html>
"""


def page(title: str, caption: str, svg: str, text: str = "") -> str:
    """An HTML page with a title, a picture and a text below it. All but the SVG is escaped.

    >>> "<title>a &lt; b</title>" in page("a < b", "", "<svg/>")
    True
    """
    inline = re.sub(r"\A.*?(?=<svg)", "", svg, flags=re.DOTALL)  # an XML prolog has no place inside HTML
    return _PAGE.format(title=html.escape(title), caption=html.escape(caption), svg=inline, text=html.escape(text))
