"""jupyterhub's configuration in the test of a hub; HUB_FOLDER is the folder that everything lies in."""

import os
import shutil
import sys
from pathlib import Path

c = get_config()  # noqa: F821

folder = Path(os.environ["HUB_FOLDER"])
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ['HUB_PORT']}"
c.JupyterHub.hub_port = int(os.environ["HUB_API_PORT"])
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['HUB_PROXY_PORT']}"
c.ConfigurableHTTPProxy.command = [shutil.which("configurable-http-proxy")]
c.JupyterHub.cookie_secret = os.urandom(32)
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "access:servers"]},
]
if "NGSHARE_PORT" in os.environ:
    command = [os.environ["NGSHARE_PYTHON"], "-m", "ngshare", "--admins", "teacher"]
    command += ["--database", f"sqlite:///{folder}/ngshare.db", "--storage", f"{folder}/ngshare"]
    c.JupyterHub.services += [
        {
            "name": "ngshare", "url": f"http://127.0.0.1:{os.environ['NGSHARE_PORT']}", "command": command,
            "oauth_no_confirm": True, "environment": {"PATH": os.environ["PATH"]},
        },
    ]  # fmt: skip
    share = "access:services!service=ngshare"
    c.JupyterHub.load_roles += [
        {"name": "user", "scopes": ["self", share]},
        {"name": "server", "scopes": ["users:activity!user", "access:servers!server", share]},
    ]

# Homes of their own, and one system user. In a container that user is called jovyan, and nbgrader takes the hub's name of a user
# then; here /etc/passwd says so.
users = folder / "passwd"
users.write_text(f"jovyan:x:{os.getuid()}:{os.getgid()}::{folder}:/bin/sh\n")
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{folder}/homes/{{username}}"
c.Spawner.cmd = [
    "bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--ro-bind", str(users), "/etc/passwd",
    str(Path(sys.executable).with_name("jupyterhub-singleuser")),
]  # fmt: skip
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 240
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": str(folder / "etc"), "PATH": os.environ["PATH"]}
