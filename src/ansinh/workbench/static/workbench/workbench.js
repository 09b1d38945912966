// Everything works without this script: it adds keys for rows and buttons, and says when the session is about to end.
"use strict";
const OFF = "ansinh-keys-off";
const body = document.body;
const switcher = document.querySelector("[data-keys]");

function off() { return localStorage.getItem(OFF) === "1"; }

function label() {
  if (!switcher) return;
  switcher.hidden = false;
  switcher.textContent = off() ? switcher.dataset.on : switcher.dataset.off;
}

function rows() {
  return [...document.querySelectorAll("main tbody tr, main .tile")]
    .map((row) => row.querySelector("a, button"))
    .filter(Boolean);
}

function step(by) {
  const found = rows();
  if (!found.length) return;
  const at = found.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : found.length - 1) : Math.min(Math.max(at + by, 0), found.length - 1);
  found[next].focus();
}

function list() {
  const keys = document.getElementById("keys");
  if (!keys) return;
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

function find() {
  const field = document.querySelector("main input[name=number]");
  if (field) field.focus();
  else location.assign(`${body.dataset.root}find`);
}

const FIXED = { j: () => step(1), k: () => step(-1), "?": list, "/": find, h: () => location.assign(body.dataset.root) };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || off()) return;
  const named = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!named && !FIXED[event.key]) return;
  event.preventDefault();
  if (named) named.click();
  else FIXED[event.key]();
});

if (switcher) {
  switcher.addEventListener("click", () => {
    if (off()) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    label();
  });
  label();
}

if (body.dataset.idle) {
  const seconds = Number(body.dataset.idle) - Number(body.dataset.warned);
  setTimeout(() => {
    const said = document.createElement("p");
    said.className = "idle";
    said.setAttribute("role", "alert");
    said.textContent = body.dataset.said;
    body.append(said);
  }, seconds * 1000);
}
document.querySelector(".problems")?.focus();
