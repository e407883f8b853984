// Lays out one flowchart: reads {direction, nodes, edges} with sizes from its input, writes places to its output.

import { readFileSync } from "node:fs";
import * as dagre from "@dagrejs/dagre";

const { graphlib, layout } = dagre.default ?? dagre;
const { direction, nodes, edges } = JSON.parse(readFileSync(0, "utf8"));
const graph = new graphlib.Graph({ multigraph: true });
graph.setGraph({ rankdir: direction, nodesep: 26, ranksep: 38, edgesep: 14 });
graph.setDefaultEdgeLabel(() => ({}));
for (const node of nodes) graph.setNode(node.id, { ...node });
edges.forEach((edge, i) => graph.setEdge(edge.from, edge.to, { ...edge, labelpos: "c" }, String(i)));
layout(graph);
const { width, height } = graph.graph();
process.stdout.write(
  JSON.stringify({
    width,
    height,
    nodes: graph.nodes().map((id) => ({ ...graph.node(id), id })),
    edges: graph.edges().map((edge) => graph.edge(edge)),
  }),
);
