// Keeps those files of the bundle whose names tell their content, and nothing else. Pages always come from
// the host, so that nobody sees an old one.

const HASHED = /-[0-9a-f]{12,16}(_bg)?\.(css|js|wasm)$/;

// Two bundles, about: this one and the one before. The oldest go first.
const MOST = 400;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method === 'GET' && origin === location.origin && HASHED.test(pathname)) {
    event.respondWith(load(event));
  }
});

async function load(event) {
  const cache = await caches.open('bundle');
  const known = await cache.match(event.request);
  if (known) return known;
  const response = await fetch(event.request);
  if (response.ok) {
    const copy = response.clone();
    // Where there is no room left, the file is loaded again next time.
    event.waitUntil(keep(cache, event.request, copy).catch(() => {}));
  }
  return response;
}

async function keep(cache, request, response) {
  await cache.put(request, response);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, -MOST).map((old) => cache.delete(old)));
}
