"""HOT. Gives import the modules of one file: one read, where a file for each costs a dozen system calls.

A shim executes this module's code out of the bundle that ``install/make_bundle.py`` made for its interpreter, and
calls ``serve``; where there is no such bundle the modules are loaded from their files.
"""

import posix
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import ExtensionFileLoader
from marshal import loads

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from types import CodeType, ModuleType

    Index = dict[str, tuple[bool, int, int, tuple[str, ...]]]


class Bundle:
    """Finder and loader in one.

    ``index``: name -> (whether it is a package, start and end of the chapter that its code is in, its needs).
    ``extensions``: name -> the file of a module of the interpreter's own that our modules import.
    """

    __slots__ = ("codes", "data", "extensions", "folder", "index")

    def __init__(self, folder: str, data: bytes, index: "Index", extensions: "dict[str, str]") -> None:
        self.folder, self.data, self.index, self.extensions = folder, memoryview(data), index, extensions
        self.codes: dict[str, CodeType] = {}

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        """Where a module is; None for what is not in here. What it will import is loaded by then."""
        del path, target
        if name not in self.index:
            return self.spec_of_extension(name)
        self.load_all(self.index[name][3])
        spec = ModuleSpec(name, self, is_package=self.index[name][0])  # type: ignore[arg-type] # a loader by what it does
        if self.index[name][0]:
            spec.submodule_search_locations = self.search_path(name)
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """A plain one."""

    def exec_module(self, module: "ModuleType") -> None:
        """Fill it."""
        if module.__name__ not in self.codes:
            _, start, end, _ = self.index[module.__name__]
            self.codes.update(loads(self.data[start:end]))  # noqa: S302 # as import does with a .pyc
        exec(self.codes[module.__name__], module.__dict__)  # noqa: S102

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

    def spec_of_extension(self, name: str) -> "ModuleSpec | None":
        """What import would find too, after it has listed the folder; None where that is none of this interpreter's."""
        file = self.extensions.get(name, "")
        if file.rpartition("/")[0] not in sys.path or not posix.access(file, posix.R_OK):
            return None
        return ModuleSpec(name, ExtensionFileLoader(name, file), origin=file)

    def search_path(self, name: str) -> "list[str]":
        """Of a package: its folder."""
        return [self.folder + "/" + name.replace(".", "/")]


def serve(folder: str, data: bytes, index: "Index", extensions: "dict[str, str]") -> None:
    """Have import look here first."""
    sys.meta_path.insert(0, Bundle(folder, data, index, extensions))
