"""A base image from Debian's packages, for machines without a registry of images: `python -m tests.image.base NAME`.

Needs root, and buildah and debootstrap (`apt-get install buildah debootstrap`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUITE = "bookworm"
PACKAGES = "python3,python3-venv,ca-certificates,tzdata,binutils"


def buildah(*arguments: str) -> str:
    return subprocess.run(["buildah", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def exists(image: str) -> bool:
    return any(image in (one["names"] or ()) for one in json.loads(buildah("images", "--json")))


def make(image: str) -> None:
    """Make the image, unless it is there."""
    if exists(image):
        return
    with tempfile.TemporaryDirectory(prefix="selis-base-") as made:
        root = Path(made) / "root"
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for path in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
            shutil.rmtree(root / path, ignore_errors=True)
        archive = Path(made) / "root.tar"
        subprocess.run(["tar", "-C", str(root), "--exclude=./dev/*", "-cf", str(archive), "."], check=True)
        container = buildah("from", "scratch")
        buildah("add", "-q", container, str(archive), "/")
        buildah("config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container)
        buildah("commit", "-q", "--rm", "--format", "docker", container, image)


if __name__ == "__main__":
    make(sys.argv[1])
