"""A build replaces the last one at once and for good: whatever happens, there is one whole build to read."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builds import write_build

from graphkit.build import generations
from graphkit.build.generations import new_generation, roll_back, seal, switch
from graphkit.build.pipeline import build
from graphkit.graph import Graph, open_graph
from graphkit.model.errors import StoreError
from graphkit.model.files import hash_file
from graphkit.model.generation import open_generation
from graphkit.model.workspace import Workspace
from graphkit.store import open_store, texts

if TYPE_CHECKING:
    from collections.abc import Callable

ASK = "SELECT ?label { <https://x.example/s> rdfs:label ?label }"


def line(text: str) -> str:
    return f'<https://x.example/s> <http://www.w3.org/2000/01/rdf-schema#label> "{text}" <https://x.example/g> .\n'


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def held(place: Workspace) -> str:
    """Return the label in the current build; its graph and its index must agree."""
    generation = place.generation()
    ((label,),) = texts(open_store(generation), ASK, "label")
    assert generation.graph_file.read_text(encoding="utf-8") == line(label)
    assert place.graph_file.read_text(encoding="utf-8") == line(label)
    return label


def names(place: Workspace) -> list[str]:
    return sorted(path.name for path in (place.build / "generations").iterdir())


def test_the_previous_build_is_kept_and_older_ones_are_removed(place: Workspace) -> None:
    one, two, three = (write_build(place, [line(text)]).folder.name for text in ("one", "two", "three"))
    assert held(place) == "three"
    assert names(place) == sorted([two, three])
    assert one not in names(place)


def test_a_rollback_goes_to_the_previous_build_and_back(place: Workspace) -> None:
    for text in ("one", "two", "three"):
        write_build(place, [line(text)])
    roll_back(place.build)
    assert held(place) == "two"
    roll_back(place.build)
    assert held(place) == "three"


def test_without_a_previous_build_a_rollback_is_refused(place: Workspace) -> None:
    with pytest.raises(StoreError, match="There is no build"):
        roll_back(place.build)
    write_build(place, [line("one")])
    with pytest.raises(StoreError, match="does not exist"):
        roll_back(place.build)
    assert held(place) == "one"


def test_a_rollback_to_a_damaged_build_is_refused(place: Workspace) -> None:
    damaged = write_build(place, [line("one")])
    write_build(place, [line("two")])
    damaged.graph_file.write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="is damaged"):
        roll_back(place.build)
    assert held(place) == "two"


def test_a_build_stays_while_somebody_reads_it(place: Workspace) -> None:
    write_build(place, [line("read")])
    reader = open_store(place.generation())
    for text in ("two", "three", "four"):
        write_build(place, [line(text)])
    assert list(texts(reader, ASK, "label")) == [("read",)]
    assert len(names(place)) == 3
    del reader
    write_build(place, [line("five")])
    assert len(names(place)) == 2


def test_a_build_is_removed_after_its_reader_was_killed(place: Workspace) -> None:
    write_build(place, [line("read")])
    code = "import sys; from pathlib import Path; from graphkit.model.workspace import Workspace\n"
    code += "kept = Workspace(Path(sys.argv[1])).generation(); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(place.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout
        reader.stdout.readline()
        for text in ("two", "three"):
            write_build(place, [line(text)])
        assert len(names(place)) == 3
        reader.kill()
    write_build(place, [line("four")])
    assert len(names(place)) == 2


def test_the_same_graph_is_not_written_again(built_small: Workspace) -> None:
    before = {path: path.stat() for path in built_small.build.rglob("*")}
    build(built_small)
    assert {path: path.stat() for path in built_small.build.rglob("*")}.keys() == before.keys()
    assert all(path.stat().st_mtime_ns == found.st_mtime_ns for path, found in before.items() if path.is_file())


@pytest.mark.parametrize("name", ["graph.nq", "void.json", "index/CURRENT", "SHA256SUMS"])
def test_a_damaged_build_of_the_same_graph_is_replaced(built_small: Workspace, name: str) -> None:
    lines = built_small.graph_file.read_bytes()
    damaged = built_small.generation()
    (damaged.folder / name).write_text("damaged", encoding="utf-8")
    assert build(built_small).sha256 == damaged.sha256 == built_small.generation().sha256
    assert built_small.graph_file.read_bytes() == lines
    assert open_graph(built_small.root).store.query("ASK { ?s ?p ?o }")
    assert built_small.generation().folder != damaged.folder


MEMORY = Path("/dev/shm")  # noqa: S108 - another disk than that of the workspace


@pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="no second disk")
def test_the_build_folder_may_be_a_link_to_another_disk(place: Workspace) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as elsewhere:
        place.build.symlink_to(elsewhere)
        one, _ = (write_build(place, [line(text)]) for text in ("one", "two"))
        assert held(place) == "two"
        assert roll_back(place.build).folder.name == one.folder.name
        assert held(place) == "one"
        assert place.build.is_symlink()
        assert sorted(path.name for path in Path(elsewhere).iterdir()) == ["current", "generations", "graph.nq"]


def old_layout(place: Workspace) -> None:
    (place.build / "store").mkdir(parents=True)
    (place.build / "store/CURRENT").write_text("an old index", encoding="utf-8")
    place.graph_file.write_text("an old graph", encoding="utf-8")
    (place.build / "void.json").write_text("{}", encoding="utf-8")


def old_store_is_a_link(place: Workspace) -> None:
    old_layout(place)
    (place.build / "store").rename(place.root / "elsewhere")
    (place.build / "store").symlink_to(place.root / "elsewhere")


def copied_without_links(place: Workspace) -> None:
    write_build(place, [line("one")])
    shutil.copytree(place.build, place.root / "copy")
    shutil.rmtree(place.build)
    (place.root / "copy").rename(place.build)


@pytest.mark.parametrize("before", [old_layout, old_store_is_a_link, copied_without_links])
def test_a_build_replaces_another_layout(place: Workspace, before: Callable[[Workspace], None]) -> None:
    before(place)
    with pytest.raises(StoreError, match="Type: graphkit build"):
        place.generation()
    write_build(place, [line("new")])
    assert held(place) == "new"
    assert {path.name for path in place.build.iterdir()} == {"current", "generations", "graph.nq"}


def test_without_links_a_file_names_the_current_build(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    for text in ("one", "two"):
        write_build(place, [line(text)])
    generation = place.generation()
    assert list(texts(open_store(generation), ASK, "label")) == [("two",)]
    assert (place.build / "current").is_file()
    assert not place.graph_file.exists()
    roll_back(place.build)
    assert list(texts(open_store(place.generation()), ASK, "label")) == [("one",)]


def test_a_link_to_a_missing_build_is_repaired(place: Workspace) -> None:
    write_build(place, [line("one")])
    shutil.rmtree(place.build / "generations")
    with pytest.raises(StoreError, match="There is no build"):
        place.generation()
    write_build(place, [line("two")])
    assert held(place) == "two"


def test_readers_never_fail_while_builds_are_switched(place: Workspace) -> None:
    write_build(place, [line("0")])
    seen: list[str] = []
    failures: list[BaseException] = []
    ended = threading.Event()

    def read() -> None:
        try:
            while not ended.is_set():
                generation = place.generation()
                ((label,),) = texts(open_store(generation), ASK, "label")
                assert generation.graph_file.read_text(encoding="utf-8") == line(label)
                seen.append(label)
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 21):
        write_build(place, [line(str(number))])
    ended.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(set(seen)) > 1
    assert held(place) == "20"


def test_builds_at_the_same_time_leave_one_of_them(small: Workspace) -> None:
    """Half of them build other data."""
    other = Workspace(shutil.copytree(small.root, small.root.with_name("other")))
    (other.data / "sources/copy-2.yaml").unlink()
    (other.root / "build").symlink_to(small.build)
    small.build.mkdir()
    code = "import sys; from graphkit.cli import main; sys.argv[1:] = ['build']; main()"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for root in (small.root, other.root) * 2
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    assert len(names(small)) == 2
    graphs = [path.read_bytes() for path in small.build.glob("generations/*/graph.nq")]
    assert small.graph_file.read_bytes() in graphs
    assert open_graph(small.root).store.query("ASK { ?s a sp:Statement }")


def test_an_error_of_the_disk_leaves_a_whole_build(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call that changes the disk fails once."""
    made = shutil.copytree(write_build(place, [line("new")]).folder, place.root / "made")
    shutil.rmtree(place.build)
    write_build(place, [line("old")])
    before = shutil.copytree(place.build, place.root / "before", symlinks=True)
    for at in itertools.count():
        shutil.rmtree(place.build)
        shutil.copytree(before, place.build, symlinks=True)
        calls = itertools.count()
        with monkeypatch.context() as patched:
            for name in ("rename", "replace", "unlink", "mkdir", "fsync", "symlink"):
                patched.setattr(os, name, failing(getattr(os, name), calls, at))
            with contextlib.suppress(OSError):
                write_copy(place, made)
        assert held(place) in {"old", "new"}
        if next(calls) <= at:
            break
        write_copy(place, made)
        assert held(place) == "new"
        assert [name for name in names(place) if name.startswith(".")] == []
    assert at > 20


def write_copy(place: Workspace, made: Path) -> None:
    """Make a copy of a generation the current one."""
    with new_generation(place.build) as new:
        shutil.copytree(made, new.folder, dirs_exist_ok=True)
        (new.folder / "SHA256SUMS").unlink()
        seal(new)
        switch(place.build, new, hash_file(made / "graph.nq"))


def failing(really: Callable[..., object], calls: itertools.count[int], at: int) -> Callable[..., object]:
    def call(*args: object, **options: object) -> object:
        if next(calls) == at:
            number = errno.EIO if really.__name__ == "fsync" else errno.ENOSPC
            raise OSError(number, os.strerror(number))
        return really(*args, **options)

    return call


def test_a_generation_whose_folder_is_removed_meanwhile_is_not_opened(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write_build(place, [line("old")])

    def remove(number: int, **_: bool) -> bool:
        shutil.rmtree(old.folder)
        return os.fstat(number).st_size > 0

    monkeypatch.setattr("graphkit.model.generation.lock", remove)
    assert open_generation(old.folder) is None


def test_no_path_of_this_machine_is_in_a_build(small_graph: Graph) -> None:
    place = small_graph.workspace
    for path in place.generation().folder.rglob("*"):
        assert path.is_dir() or str(place.root).encode() not in path.read_bytes(), path
    assert generations.find_whole(place.build, place.generation().sha256)
