#!/usr/bin/env python3
"""Writes assets/third-party.txt: the license texts and copyright lines of all crates that the program is made of.

    tools/third_party.py

The crates are those that normal dependencies lead to, on any system, as assets/crates.txt lists them; their texts are read
from the sources that cargo keeps. A text that several have stands once, with the copyright lines of each.
"""
import json
import os
import re
import subprocess

NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.I)
COPYRIGHT = re.compile(r"^\W{0,3}(copyright\b|\(c\)|©)", re.I)
# Of several licenses to choose from, the texts of one do; the simplest is taken.
PREFERRED = ["mit", "zlib", "isc", "bsd", "boost", "unicode", "apache"]


def packages():
    """Packages that normal dependencies of the program lead to."""
    out = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], capture_output=True, check=True).stdout
    data = json.loads(out)
    by_id = {package["id"]: package for package in data["packages"]}
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root, seen = data["resolve"]["root"], set()
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for dep in nodes[here]["deps"]:
            if any(kind["kind"] is None for kind in dep["dep_kinds"]):
                waiting.append(dep["pkg"])
    seen.discard(root)
    return sorted((by_id[it] for it in seen), key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The license files of a package: those of the license that is taken, and notices."""
    folder = os.path.dirname(package["manifest_path"])
    files = [name for name in sorted(os.listdir(folder)) if NAMES.match(name) and os.path.isfile(os.path.join(folder, name))]
    if not files and os.path.isdir(os.path.join(folder, "LICENSES")):
        folder = os.path.join(folder, "LICENSES")
        files = sorted(os.listdir(folder))
    choice = " OR " in (package["license"] or "") or "/" in (package["license"] or "")
    if choice:
        for kind in PREFERRED:
            of_kind = [name for name in files if kind in name.lower()]
            if of_kind:
                files = of_kind + [name for name in files if name.lower().startswith(("notice", "copyright"))]
                break
    # Fonts that a crate brings along have their own.
    fonts = os.path.join(folder, "fonts")
    if os.path.isdir(fonts):
        files += [os.path.join("fonts", name) for name in sorted(os.listdir(fonts)) if name.endswith(".txt")]
    for name in files:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            yield file.read().replace("\r\n", "\n").replace("\t", "    ").strip()


def split(text):
    """The text without its lines of copyright, and these."""
    lines = text.splitlines()
    rights = [line.strip() for line in lines if COPYRIGHT.match(line.strip())]
    if "Apache License" in text[:400] or "APACHE LICENSE" in text[:400]:
        return text, []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines if not COPYRIGHT.match(line.strip()))).strip(), rights


def main():
    groups, without = {}, []
    for package in packages():
        name = f"{package['name']} {package['version']}"
        found = False
        for text in texts(package):
            body, rights = split(text)
            key = " ".join(body.split()).lower()
            groups.setdefault(key, (body, []))[1].append((name, rights))
            found = True
        if not found:
            authors = ", ".join(package["authors"]) or package["repository"] or ""
            without.append(f"{name}: {package['license']}; {authors}")
    out = ["Software of others in rigplan, and the texts of their licenses.", ""]
    for body, users in sorted(groups.values(), key=lambda group: -len(group[1])):
        out += ["=" * 100, ""]
        for name, rights in users:
            out.append(name + (": " + "; ".join(rights) if rights else ""))
        out += ["", body, ""]
    if without:
        out += ["=" * 100, "", "Without a text of their own; the license named is one of those above.", "", *without, ""]
    with open("assets/third-party.txt", "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    main()
