import { element } from "./elements.js";

const loaded = new Map();

/** Load a script once, which leaves a value under a global name. A page on a disk may not import modules or fetch files. */
export function load(source, name) {
  if (!loaded.has(name)) {
    const value = new Promise((resolve, reject) => {
      const script = element("script", { src: source });
      script.onload = () => resolve(globalThis[name]);
      script.onerror = () => reject(new Error(`${source} could not be loaded`));
      document.head.append(script);
    });
    value.catch(() => loaded.delete(name));
    loaded.set(name, value);
  }
  return loaded.get(name);
}
