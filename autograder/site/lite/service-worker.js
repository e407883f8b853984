// Keeps the whole site in the browser's cache, so that a second visit needs no network, and answers the kernel's
// questions about files, which only a service worker can, because the kernel must wait for the answer.

const CACHE = "mha-lite-@VERSION@";
const channel = new BroadcastChannel("/api/drive.v1");

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("mha-lite-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.includes("/api/drive")) event.respondWith(askThePage(event.request));
  else if (event.request.method === "GET" && url.protocol.startsWith("http")) event.respondWith(fromCache(event.request));
});

/** The site's files never change within one version: what was fetched once is served from the cache. */
async function fromCache(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fetched = await fetch(request);
  if (fetched.status === 200) await cache.put(request, fetched.clone());
  return fetched;
}

/** JupyterLite's page keeps the files; it listens on the channel and answers there. */
async function askThePage(request) {
  const question = await request.json();
  const answer = new Promise((resolve) => {
    channel.onmessage = ({ data }) => resolve(new Response(JSON.stringify(data)));
  });
  channel.postMessage({ ...question, receiver: "broadcast.ts" });
  return answer;
}
