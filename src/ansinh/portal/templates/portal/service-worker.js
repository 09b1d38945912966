// Keeps the shell of one edition, and the one card page a citizen asked to keep. Nothing else personal is ever stored; signing out erases it all.
"use strict";
const SHELL = "shell-{{ edition }}";
const KEPT = "kept-card";
const FILES = [
  "/offline", "/en/offline", "/static/screens/screens.css?{{ edition }}", "/static/portal/portal.js?{{ edition }}", "/static/screens/icon.svg",
  "be-vietnam-pro-latin-400-normal", "be-vietnam-pro-vietnamese-400-normal", "be-vietnam-pro-latin-700-normal", "be-vietnam-pro-vietnamese-700-normal",
].map((name) => (name.startsWith("/") ? name : `/static/screens/fonts/${name}.woff2`));

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

async function page(request, address) {
  try {
    return await fetch(request);
  } catch {
    const english = address.pathname.startsWith("/en/");
    const below = english ? address.pathname.slice(3) : address.pathname;
    const kept = below === "/card/kept" || below === "/card" ? await (await caches.open(KEPT)).match(`${english ? "/en" : ""}/card/kept`) : undefined;
    return kept ?? (await (await caches.open(SHELL)).match(english ? "/en/offline" : "/offline")) ?? Response.error();
  }
}

async function file(request) {
  return (await (await caches.open(SHELL)).match(request)) ?? fetch(request);
}
