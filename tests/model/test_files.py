"""A file or folder is replaced as a whole, or not at all, whatever happens to the process."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from faults.hook import Fault, install
from graphkit.model.files import is_stream, recover, replacing, replacing_all, scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHAPES = {
    "a new file": ({}, ["one"]),
    "an old file": ({"one": "old"}, ["one"]),
    "an old folder": ({"folder/inside": "old"}, ["folder"]),
    "old and new files in two folders": ({"a/one": "old", "b/two": "old"}, ["a/one", "b/two", "b/new"]),
    "a folder and a file": ({"folder/inside": "old", "one": "old"}, ["folder", "one"]),
}


def contents(root: Path) -> dict[str, str]:
    """Return the text of each file below a folder, leftovers included."""
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def written(names: list[str]) -> dict[str, str]:
    return {f"{name}/inside" if name == "folder" else name: "new" for name in names}


def prepare(root: Path, files: dict[str, str]) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def interrupted(work: Callable[[], None], number: int, error: int = 0) -> int:
    """Do work in a child that dies, or gets an error, at the Nth call that changes the disk.

    Returns 0 if the work was done before that call, 1 after an error that it reported, and -9 after the kill.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    install(Fault(number, error))
    try:
        work()
    except OSError:
        os._exit(1)
    else:
        os._exit(0)
    finally:
        os._exit(2)


def write(root: Path, names: list[str]) -> None:
    with replacing_all(*(root / name for name in names)) as parts:
        for part in parts:
            if ".folder." in part.name:
                part.mkdir()
                (part / "inside").write_text("new")
            else:
                part.write_text("new")


def repair(root: Path) -> None:
    recover(root, *(path for path in root.iterdir() if path.is_dir()))


def kill_at_any_call(shape: str, root: Path) -> None:
    """Try every call that changes the disk, and for each of them every call of the recovery."""
    old, names = SHAPES[shape]
    killed = 0
    for number in itertools.count(1):
        prepare(root, old)
        if interrupted(lambda: write(root, names), number) == 0:
            break
        assert all((root / name).exists() for name in old), "an old file or folder is never missing"
        for second in itertools.count(1):
            if interrupted(lambda: repair(root), second) == 0:
                break
            killed += 1
        assert contents(root) in (old, old | written(names)), number
        killed += 1
    assert contents(root) == old | written(names)
    assert killed > 10


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kill_at_any_call_leaves_all_or_nothing_after_recovery(shape: str, tmp_path: Path) -> None:
    # In a small process: each of hundreds of forks of the test runner would copy its many pages.
    code = "import sys, pathlib, test_files; test_files.kill_at_any_call(sys.argv[1], pathlib.Path(sys.argv[2]))"
    path = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "tests/support")))
    done = subprocess.run(
        [sys.executable, "-c", code, shape, str(tmp_path / "root")], cwd=REPOSITORY / "tests/model",
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_full_disk_or_a_failed_sync_is_reported_and_leaves_all_or_nothing(
    shape: str, error: int, tmp_path: Path
) -> None:
    old, names = SHAPES[shape]
    root = tmp_path / "root"
    for number in itertools.count(1):
        prepare(root, old)
        ended = interrupted(lambda: write(root, names), number, error)
        repair(root)
        assert ended in (0, 1), number
        assert contents(root) in (old, old | written(names)), number
        if ended == 0 and contents(root) == old | written(names):
            break


def test_a_running_replacement_is_left_alone(tmp_path: Path) -> None:
    with replacing(tmp_path / "one") as part:
        part.write_text("first")
        with replacing(tmp_path / "two") as other:
            other.write_text("second")
        recover(tmp_path)
    assert contents(tmp_path) == {"one": "first", "two": "second"}


def test_the_same_path_may_be_replaced_from_many_threads(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with replacing(tmp_path / "one") as part:
            part.write_text(str(number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents(tmp_path).keys() == {"one"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real/file")
    with replacing(tmp_path / "link") as part:
        part.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real/file").read_text() == "new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_text()))
    reader.start()
    with replacing(tmp_path / "pipe") as part:
        part.write_text("through")
    reader.join()
    assert found == ["through"]
    assert is_stream(tmp_path / "pipe")


def test_an_open_file_is_appended_to(tmp_path: Path) -> None:
    """`>> file` with /dev/stdout keeps what the file holds."""
    (tmp_path / "log").write_text("before\n")
    code = "from pathlib import Path; from graphkit.model.files import replacing\n"
    code += "with replacing(Path('/dev/stdout')) as part: part.write_text('after')"
    with (tmp_path / "log").open("a") as log:
        subprocess.run([sys.executable, "-c", code], stdout=log, check=True)
    assert (tmp_path / "log").read_text() == "before\nafter"


def test_a_file_does_not_replace_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError), replacing(tmp_path / "folder") as part:
        part.write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_failed_writer_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with replacing_all(tmp_path / "one", tmp_path / "two") as (part, _):
            part.write_text("half")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert contents(tmp_path) == {}


def test_a_scratch_folder_is_removed(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "file").write_text("x")
    assert contents(tmp_path) == {}
