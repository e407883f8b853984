// What each of JupyterLite's pages does beside its own.

// JupyterLite names a download after the notebook's path; handed in, a notebook needs its own name.
addEventListener("click", ({ target }) => {
  if (target.download) target.download = target.download.split("/").pop();
}, true);

// A notebook's way back to its lesson: JupyterLite's own menus know nothing of the book.
addEventListener("DOMContentLoaded", () => {
  const unit = new URLSearchParams(location.search).get("path")?.split("/")[0];
  if (!unit || !/\/notebooks\/(index\.html)?$/.test(location.pathname)) return;
  const link = document.createElement("a");
  link.href = `../../lessons/${unit}.html`;
  link.target = "_blank";
  link.textContent = "Lesson";
  link.title = "The lesson of this notebook, in a tab of its own";
  link.style = "position: fixed; right: 24px; bottom: 12px; z-index: 1000; padding: 6px 14px; border-radius: 6px; background: #2f4bc4; color: #fff; font: 600 14px system-ui, sans-serif; text-decoration: none";
  document.body.append(link);
});
