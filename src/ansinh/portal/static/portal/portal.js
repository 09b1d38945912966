// Everything works without this script; it lets the portal be installed and keeps what the reader asked to keep.
"use strict";
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
document.querySelector(".problems")?.focus();
