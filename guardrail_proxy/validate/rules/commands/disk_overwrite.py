"""A command that writes to a disk as such: dd to a device, mkfs, wipefs, partitioning, deleting volumes.

One wrong device and every file on it is gone, with the system that runs from it. Never touch block devices; write
images to ordinary files and let the user write them to a disk.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "write to an ordinary file; leave disks, partitions and volumes to the user"
bad = (
    "dd if=/dev/zero of=/dev/sda bs=1M",
    "mkfs.ext4 /dev/sdb1",
    "cat image > /dev/nvme0n1",
    "wipefs -a /dev/sda",
    "zpool destroy tank",
)
good = ("dd if=/dev/zero of=file.img bs=1M count=10", "lsblk", "echo x > /dev/null", "fdisk -l", "mkfs.ext4 image.img")
_DEVICE = re.compile(r"/dev/(sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|mapper/|md|loop\d|dm-|sr\d|mem|kmem|port)")
_ALWAYS = frozenset(
    {
        "wipefs",
        "blkdiscard",
        "pvremove",
        "vgremove",
        "lvremove",
        "sgdisk",
        "sfdisk",
        "mkswap",
        "hdparm",
        "shred",
        "badblocks",
        "dd",
        "fdisk",
        "parted",
        "cfdisk",
        "tee",
        "cp",
        "mdadm",
        "cryptsetup",
        "nvme",
    }
)
_VERBS = {
    "zpool": {"destroy", "labelclear"},
    "zfs": {"destroy", "rollback"},
    "btrfs": {"delete"},
    "lvm": {"lvremove", "vgremove"},
    "diskutil": {"eraseDisk", "eraseVolume", "partitionDisk", "zeroDisk", "secureErase", "reformat"},
    "cryptsetup": {"luksErase", "luksFormat", "erase"},
    "mdadm": {"--zero-superblock", "--stop", "--remove", "--fail"},
    "lvremove": {""},
    "vgremove": {""},
    "pvremove": {""},
    "tmutil": {"disable", "delete", "deletelocalsnapshots"},
    "nbd-client": {"-d"},
    "dmsetup": {"remove", "remove_all", "wipe_table"},
    "vssadmin": {"delete"},
    "losetup": {"-D"},
    "lvreduce": {""},
    "fsck": {"-y"},
    "umount": {"-l", "--lazy", "-f", "-a"},
    "swapoff": {"-a"},
}


def check(event: Event) -> Iterator[Match]:
    """Every command that writes to a disk or deletes a volume."""
    for command in commands(event):
        if any(r.operator.startswith(">") and _DEVICE.match(r.target.text) for r in command.redirects):
            yield at(command, "writes to a disk device")
        elif command.name in _VERBS and _has_verb(command):
            yield at(command, "destroys or changes a volume", "high" if command.name in ("umount", "fsck") else None)
        elif _writes_device(command):
            yield at(command, "writes to a disk device")


def _has_verb(command: SimpleCommand) -> bool:
    verbs = _VERBS[command.name]
    return "" in verbs or any(word in verbs for word in command.words)


def _writes_device(command: SimpleCommand) -> bool:
    words = command.words
    if command.name not in _ALWAYS and not command.name.startswith(("mkfs", "newfs")):
        return False
    if command.name == "dd":
        return any(word.startswith("of=") and _DEVICE.match(word[3:]) for word in words)
    if command.name in ("fdisk", "parted", "hdparm") and {"-l", "print", "--list", "-I", "-i", "-t", "-T"} & set(words):
        return False
    where = words[-1:] if command.name == "cp" else words
    return any(_DEVICE.match(word) for word in where)
