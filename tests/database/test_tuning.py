"""The server fits the machine it finds."""

from __future__ import annotations

from pathlib import Path

from ansinh.database.tuning import GIB, MIB, Machine, machine, quick_settings, server_settings


def found(memory_bytes: int, *, disk_bytes: int = 200 * GIB, shared_bytes: int = GIB) -> Machine:
    return Machine(memory_bytes, processors=2, free_disk_bytes=disk_bytes, shared_memory_bytes=shared_bytes)


def test_a_quarter_of_the_memory_up_to_four_gigabytes() -> None:
    buffers = [server_settings(found(size))["shared_buffers"] for size in (256 * MIB, 8 * GIB, 24 * GIB)]
    assert buffers == ["128MB", "2048MB", "4096MB"]


def test_log_of_changes_leaves_room_on_a_small_disk() -> None:
    sizes = [server_settings(found(GIB, disk_bytes=disk))["max_wal_size"] for disk in (4 * GIB, 16 * GIB, 200 * GIB)]
    assert sizes == ["1024MB", "2048MB", "8192MB"]


def test_small_shared_memory_of_a_container_is_not_used() -> None:
    assert server_settings(found(GIB, shared_bytes=64 * MIB))["dynamic_shared_memory_type"] == "mmap"


def test_durability_is_only_given_up_in_tests() -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    assert {server_settings(found(GIB))[name] for name in names} == {"on"}
    quick = quick_settings(found(GIB))
    assert (quick["fsync"], quick["full_page_writes"]) == ("off", "off")
    assert quick["synchronous_commit"] == "on"  # what was committed survives a killed server even in tests


def test_machine_is_looked_at(tmp_path: Path) -> None:
    seen = machine(tmp_path)
    assert seen.memory_bytes > 128 * MIB
    assert seen.processors >= 1
    assert seen.free_disk_bytes > 0
