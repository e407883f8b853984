/** An element with attributes and children; an attribute that is a function becomes the listener of its event. */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
