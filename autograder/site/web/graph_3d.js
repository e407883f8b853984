// The graph in three dimensions, loaded when it is first asked for. Labels are always drawn, facing the reader.

import ForceGraph3D from "3d-force-graph";
import SpriteText from "three-spritetext";

const NEAR = 220; // how far from a chosen term the camera stands; a label is 9 high

function openSpace(place, { terms, edges, colours, choose }) {
  const holder = document.createElement("div");
  holder.className = "graph-space";
  place.append(holder);
  let { text, line, ground, brand } = colours();
  const nodes = terms.map(({ id, name }) => ({ id, name }));
  const links = edges.map(({ source, target, kind }) => ({ source, target, kind }));
  let chosen = null;
  const label = (node) => {
    const away = chosen && !around(chosen).has(node.id);
    const sprite = new SpriteText(node.name, node.id === chosen ? 14 : 9, node.id === chosen ? brand : away ? line : text);
    sprite.fontWeight = "600"; // thin letters fade where they are far
    sprite.backgroundColor = ground;
    sprite.padding = 1;
    return sprite;
  };
  const around = (id) => new Set([id, ...edges.filter(({ source, target }) => source === id || target === id).flatMap(({ source, target }) => [source, target])]);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const graph = ForceGraph3D({ controlType: "orbit" })(holder)
    .width(place.clientWidth)
    .height(place.clientHeight)
    .backgroundColor(ground)
    .showNavInfo(false)
    .nodeThreeObject(label)
    .linkColor(() => line)
    .linkOpacity(0.35)
    .linkDirectionalArrowLength(({ kind }) => (kind === "before" ? 3 : 0))
    .linkDirectionalArrowRelPos(1)
    .warmupTicks(120)
    .cooldownTicks(still ? 0 : 60)
    .onNodeClick((node) => choose(node.id))
    .graphData({ nodes, links });
  setTimeout(() => (chosen ? near(chosen, 0) : graph.zoomToFit(0, 0)), 300);

  /** Fly to a term, to a place outside the graph, from where it stands before all others. */
  function near(id, milliseconds) {
    const { x, y, z } = graph.graphData().nodes.find((node) => node.id === id);
    if (x === undefined) return; // not placed yet
    const far = 1 + NEAR / (Math.hypot(x, y, z) || 1);
    graph.cameraPosition({ x: x * far, y: y * far, z: z * far }, { x, y, z }, milliseconds);
  }

  function show(shown, now) {
    if (now && now !== chosen && shown.has(now)) near(now, still ? 0 : 800);
    chosen = now;
    graph.nodeVisibility(({ id }) => shown.has(id));
    graph.linkVisibility(({ source, target }) => shown.has(source.id ?? source) && shown.has(target.id ?? target));
    graph.nodeThreeObject(label);
  }

  function repaint() {
    ({ text, line, ground, brand } = colours());
    graph.backgroundColor(ground).linkColor(() => line).nodeThreeObject(label);
  }
  const watch = new MutationObserver(repaint);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });

  return {
    show,
    fit: () => graph.zoomToFit(still ? 0 : 400, 0),
    close() {
      watch.disconnect();
      graph._destructor();
      holder.remove();
    },
  };
}

globalThis.mhaSpace = { openSpace };
