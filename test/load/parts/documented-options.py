"""Prints the options that Asterisk's installed documentation knows, as JSON: {file: {object: [option]}}.

Usage: documented-options.py CORE-XML
"""

import json
import sys
import xml.etree.ElementTree as tree


def documented(path):
    files = {}
    for file in tree.parse(path).getroot().iter("configFile"):
        objects = files.setdefault(file.get("name"), {})
        for found in file.iter("configObject"):
            options = objects.setdefault(found.get("name"), [])
            options.extend(option.get("name") for option in found.iter("configOption"))
    return files


if __name__ == "__main__":
    json.dump(documented(sys.argv[1]), sys.stdout)
