#!/usr/bin/env python3
"""Checks that every relative link in the Markdown files leads to a file, and to a heading of it."""

import pathlib
import re
import sys

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text):
    text = re.sub(r"^```.*?^```", lambda m: "\n" * m.group().count("\n"), text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path):
    """The anchors of a file's headings, as code forges make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for heading in re.findall(r"^#+ +(.*)$", text, re.M):
        words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        yield words.strip().replace(" ", "-")


def check(root):
    seen, faults = 0, []
    files = [p for p in root.rglob("*.md") if not any(part.startswith((".", "build")) for part in p.relative_to(root).parts)]
    for path in sorted(files):
        for number, line in enumerate(without_code(path.read_text(encoding="utf-8")).splitlines(), 1):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                seen += 1
                name, _, anchor = target.partition("#")
                file = path.parent / name if name else path
                where = f"{path.relative_to(root)}:{number}"
                if not file.exists():
                    faults.append(f"{where}: no such file: {target}")
                elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                    faults.append(f"{where}: no such heading: {target}")
    return seen, faults


def main():
    seen, faults = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(faults + [f"links: {seen} links, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
