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


class Bundle:
    """Finder and loader in one. ``modules``: name -> (whether it is a package, its code)."""

    __slots__ = ("folder", "modules")

    def __init__(self, folder: str, modules: "dict[str, tuple[bool, bytes]]") -> None:
        self.folder, self.modules = folder, modules

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        """Where a module is; None for what is not in here."""
        del path, target
        if name not in self.modules:
            return None
        is_package = self.modules[name][0]
        spec = ModuleSpec(name, self, is_package=is_package)  # type: ignore[arg-type] # a loader by what it can do
        if is_package:
            spec.submodule_search_locations = [self.folder + "/" + name.replace(".", "/")]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """A plain one."""

    def exec_module(self, module: "ModuleType") -> None:
        """Fill it."""
        exec(loads(self.modules[module.__name__][1]), module.__dict__)  # noqa: S102, S302 # as import does with a .pyc


def serve(folder: str, modules: "dict[str, tuple[bool, bytes]]") -> None:
    """Have import look here first."""
    sys.meta_path.insert(0, Bundle(folder, modules))
