"""What of the base goes into the image: Python, the libraries that it and Sēlis load, certificates and time zones.

No shell, no package manager, nothing that is not needed to run. `Dockerfile` runs it in the build stage as
`python3 deploy/image_root.py ROOT TREE…`: it fills ROOT with the trees named and all that they need.
"""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

# Of the standard library: what makes and teaches programs, and what draws windows.
_UNUSED = shutil.ignore_patterns(
    "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "pydoc_data", "dist-packages",
    "site-packages", "config-3*",
)  # fmt: skip
_DATA = ("/etc/ssl", "/usr/lib/ssl", "/usr/share/ca-certificates", "/usr/share/zoneinfo", "/etc/ld.so.cache")
# Loaded by the C library when first needed, so nothing names them.
_LOADED_LATE = ("libgcc_s.so.1", "libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2")
_LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")
_USER = 10001
_ETC = {
    "passwd": f"root:x:0:0::/:/none\nselis:x:{_USER}:{_USER}::/var/lib/selis:/none\n",
    "group": f"root:x:0:\nselis:x:{_USER}:\n",
    "nsswitch.conf": "hosts: files dns\n",
}


def main(root: Path, trees: list[Path]) -> None:
    """Fill the root."""
    for name in ("bin", "lib", "lib64"):
        # A link where /usr is merged: the loader is looked for below /lib64.
        if Path("/", name).is_symlink():
            (root / "usr" / name).mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(Path("/", name).readlink())
    standard = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    compileall.compile_dir(standard, quiet=2, maxlevels=20)
    _copy_tree(standard, root, ignore=_UNUSED)
    python = Path(os.path.realpath(sys.executable))
    for path in (python, *(path for path in python.parent.glob("python3*") if path.resolve() == python)):
        _copy(path, root)
    for tree in (*trees, *(Path(path) for path in _DATA)):
        if tree.is_dir():
            _copy_tree(tree, root)
        elif tree.exists():
            _copy(tree, root)
    for library in sorted(set(_libraries(python, standard, *trees))):
        _copy(library, root)
    for name, content in _ETC.items():
        (root / "etc" / name).write_text(content, encoding="ascii")
    # Where whoever runs the image mounts something, even onto a root that cannot be written.
    for name in ("proc", "sys", "dev", "run", "tmp"):
        (root / name).mkdir(exist_ok=True)
    data = root / "var/lib/selis"
    data.mkdir(parents=True, mode=0o700)
    os.chown(data, _USER, _USER)


def _libraries(python: Path, *trees: Path) -> Iterator[Path]:
    """The libraries of the system that programs in these trees name, and those that nobody names."""
    loaded = [python, *(path for tree in trees for path in tree.rglob("*.so*") if path.is_file())]
    found = subprocess.run(["ldd", *map(str, loaded)], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607
    named = {Path(name) for name in _LIBRARY.findall(found)}
    folders = {path.parent for path in named}
    yield from (path for path in named if not any(tree in path.parents for tree in trees))
    yield from (path for folder in folders for name in _LOADED_LATE if (path := folder / name).exists())


def _copy_tree(tree: Path, root: Path, **options: object) -> None:
    shutil.copytree(tree, _below(root, tree), symlinks=True, dirs_exist_ok=True, **options)  # type: ignore[arg-type]


def _copy(path: Path, root: Path) -> None:
    """Copy a file, and with a link what it leads to."""
    target = _below(root, path)
    if target.is_symlink() or target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(path.readlink())
        _copy(path.parent / path.readlink(), root)
    else:
        shutil.copy2(path, target)


def _below(root: Path, path: Path) -> Path:
    return root / os.path.normpath(path).lstrip("/")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(tree) for tree in sys.argv[2:]])
