// What each of JupyterLite's pages does beside its own.

// JupyterLite names a download after the notebook's path; handed in, a notebook needs its own name.
addEventListener("click", ({ target }) => {
  if (target.download) target.download = target.download.split("/").pop();
}, true);
