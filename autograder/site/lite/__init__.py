"""The browser edition: JupyterLite with a Python kernel in WebAssembly, the course beside it, and nothing to install.

files.py    what the kernel finds: the course, and the pure Python packages it needs
kernel.py   those files and the kernel's own packed into a few archives, with bytecode
listing.py  the notebooks' folder, as JupyterLite asks for it
build.py    `jupyter lite build` in an environment of its own, then the above
"""
