"""What `make docs` adds to the pages of docs/: README and its neighbours, and the language that a page is in."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
NEIGHBOURS = {
    "README.md": "readme.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    ".github/CONTRIBUTING.md": "contributing.md",
}
"""Files that are no pages of docs/, and the pages they become."""
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|mailto:|#)([^)#]+)(#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the neighbours; a page that the menu does not name goes to its end, where it can be found."""
    for source, page in NEIGHBOURS.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=linked(text, source)))
    named = set(re.findall(r"[\w-]+\.md", str(config.nav)))
    unnamed = (file.src_uri for file in files.documentation_pages() if file.src_uri not in named)
    config.nav = [*(config.nav or []), *sorted(unnamed)]
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Let links out of docs/ lead to the pages that the neighbours became."""
    return markdown if page.file.generated_by else linked(markdown, f"docs/{page.file.src_uri}")


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Say in the page which language it is in: English where it does not name another, for whoever reads it aloud."""
    language = page.meta.get("lang", "en")
    return output.replace('<html lang="lv"', f'<html lang="{language}"', 1)


def linked(markdown: str, source: str) -> str:
    """The text of a file with its links as they are in the site; what is no page there is named without a link."""

    def mended(found: re.Match[str]) -> str:
        label, target, anchor = found.group(1), found.group(2), found.group(3) or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if path in NEIGHBOURS:
            return f"[{label}]({NEIGHBOURS[path]}{anchor})"
        if path.startswith("docs/"):
            return f"[{label}]({path.removeprefix('docs/')}{anchor})"
        return label

    return _LINK.sub(mended, markdown)
