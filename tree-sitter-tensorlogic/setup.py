"""Builds the Python binding: one extension module, with the queries beside it."""

import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

PACKAGE = "tree_sitter_tensorlogic"

# One wheel serves every Python from 3.10 on, except those without the global lock.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")


class BuildPy(build_py):
    """Copies the queries into the package."""

    def run(self):
        super().run()
        if not self.editable_mode:
            self.copy_tree("queries", str(Path(self.build_lib, PACKAGE, "queries")))


class BuildExt(build_ext):
    """Compiles as C11."""

    def build_extension(self, ext):
        msvc = self.compiler.compiler_type == "msvc"
        ext.extra_compile_args = ["/std:c11", "/utf-8"] if msvc else ["-std=c11", "-fvisibility=hidden"]
        super().build_extension(ext)


class BdistWheel(bdist_wheel):
    """Names the wheel after the stable interface of Python."""

    def get_tag(self):
        python, abi, platform = super().get_tag()
        if STABLE_ABI and python.startswith("cp"):
            python, abi = "cp310", "abi3"
        return python, abi, platform


setup(
    packages=[PACKAGE],
    package_dir={"": "bindings/python"},
    package_data={PACKAGE: ["*.pyi", "py.typed"]},
    ext_package=PACKAGE,
    ext_modules=[
        Extension(
            name="_binding",
            sources=[f"bindings/python/{PACKAGE}/binding.c", "src/parser.c", "src/scanner.c"],
            depends=["src/tree_sitter/parser.h", "src/tree_sitter/alloc.h", "src/tree_sitter/array.h"],
            include_dirs=["src"],
            define_macros=[("TREE_SITTER_HIDE_SYMBOLS", None)]
            + ([("Py_LIMITED_API", "0x030A0000")] if STABLE_ABI else []),
            py_limited_api=STABLE_ABI,
        )
    ],
    cmdclass={"build_py": BuildPy, "build_ext": BuildExt, "bdist_wheel": BdistWheel},
    zip_safe=False,
)
