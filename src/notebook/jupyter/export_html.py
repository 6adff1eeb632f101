"""Writes a notebook as an HTML page with nbconvert. Standard input: {"input", "output"} (JSON)."""

import json
import sys

from nbconvert import HTMLExporter

task = json.load(sys.stdin)
# Nothing of ours needs RequireJS, which the page would fetch from another host.
page, _ = HTMLExporter(require_js_url="", jquery_url="").from_filename(task["input"])
with open(task["output"], "w", encoding="utf-8") as file:
    file.write(page)
