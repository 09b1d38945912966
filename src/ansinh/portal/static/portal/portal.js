// Everything works without this script; it lets the portal be installed, and keeps the card on the device where the citizen asks for it.
"use strict";
const KEPT = "kept-card";
const ACTS = {
  "keep-card": {
    possible: async (address) => !(await kept(address)),
    async act(address) {
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(answer.statusText);
      await (await caches.open(KEPT)).put(address, answer);
    },
  },
  "drop-card": {
    possible: kept,
    act: () => caches.delete(KEPT),
  },
};

async function kept(address) {
  return Boolean(await (await caches.open(KEPT)).match(address));
}

async function offer() {
  for (const button of document.querySelectorAll("[data-script]")) {
    const able = ACTS[button.dataset.script];
    button.hidden = !able || !("caches" in window) || !(await able.possible(button.dataset.address));
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-script]");
  if (!button) return;
  await ACTS[button.dataset.script].act(button.dataset.address);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "said";
  button.closest(".actions").after(said);
  said.textContent = button.dataset.said;
  await offer();
});

if (window.isSecureContext) {
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  offer();
}
document.querySelector(".problems")?.focus();
