"""HOT. Gives import the modules of one file: one read, where a file for each costs a dozen system calls.

A shim executes this module's code out of the bundle that ``install/make_bundle.py`` made for its interpreter, and
calls ``serve``; where there is no such bundle the modules are loaded from their files.
"""

import sys
from _frozen_importlib import ModuleSpec
from marshal import loads

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from types import ModuleType

    Index = dict[str, tuple[bool, int, int, tuple[str, ...]]]


class Bundle:
    """Finder and loader in one. ``index``: name -> (whether it is a package, start and end of its code, its needs)."""

    __slots__ = ("data", "folder", "index")

    def __init__(self, folder: str, data: bytes, index: "Index") -> None:
        self.folder, self.data, self.index = folder, memoryview(data), index

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        """Where a module is; None for what is not in here. What it will import is loaded by then."""
        del path, target
        if name not in self.index:
            return None
        self.load_all(self.index[name][3])
        spec = ModuleSpec(name, self, is_package=self.index[name][0])  # type: ignore[arg-type] # a loader by what it does
        if self.index[name][0]:
            spec.submodule_search_locations = self.search_path(name)
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """A plain one."""

    def exec_module(self, module: "ModuleType") -> None:
        """Fill it."""
        _, start, end, _ = self.index[module.__name__]
        exec(loads(self.data[start:end]), module.__dict__)  # noqa: S102, S302 # as import does with a .pyc

    def load_all(self, needs: "tuple[str, ...]") -> None:
        """Load these, each after those that it needs: a third of the time that import takes for it."""
        missing = [name for name in needs if name not in sys.modules]
        for name in sorted(missing):  # a package before what is in it
            module = sys.modules[name] = type(sys)(name)
            parent, _, own = name.rpartition(".")
            module.__package__ = name if self.index[name][0] else parent
            if self.index[name][0]:
                module.__path__ = self.search_path(name)
            if parent:
                setattr(sys.modules[parent], own, module)
        for name in missing:
            self.exec_module(sys.modules[name])

    def search_path(self, name: str) -> "list[str]":
        """Of a package: its folder."""
        return [self.folder + "/" + name.replace(".", "/")]


def serve(folder: str, data: bytes, index: "Index") -> None:
    """Have import look here first."""
    sys.meta_path.insert(0, Bundle(folder, data, index))
