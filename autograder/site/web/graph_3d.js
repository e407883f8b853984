// The graph in three dimensions, loaded when it is first asked for. Labels are always drawn, facing the reader.

import ForceGraph3D from "3d-force-graph";
import SpriteText from "three-spritetext";

function openSpace(place, { terms, edges, colours, choose }) {
  const holder = document.createElement("div");
  holder.className = "graph-space";
  place.append(holder);
  let { text, line, ground, brand } = colours();
  const nodes = terms.map(({ id, name }) => ({ id, name }));
  const links = edges.map(({ source, target, kind }) => ({ source, target, kind }));
  let chosen = null;
  const label = (node) => {
    const sprite = new SpriteText(node.name, node.id === chosen ? 10 : 6, node.id === chosen ? brand : text);
    sprite.backgroundColor = ground;
    sprite.padding = 1;
    return sprite;
  };
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
  setTimeout(() => graph.zoomToFit(0, 10), 200);

  function show(shown, now) {
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
    fit: () => graph.zoomToFit(still ? 0 : 400, 10),
    close() {
      watch.disconnect();
      graph._destructor();
      holder.remove();
    },
  };
}

globalThis.mhaSpace = { openSpace };
