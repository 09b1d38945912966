// What scripts add to the desk: a queue for a bad line, the age of an answer, the keys, the camera, a word before the session ends.
// Nothing is stored in the browser: the queue is memory of this page, and goes with it.
"use strict";
(() => {
  const QUEUE_MAX = 20;
  const TIMEOUT_MS = 8000;
  const SLOW_MS = 2500;
  const WAITS_SECONDS = [1, 2, 4, 8, 15];
  const OLD_MINUTES = 5;

  const desk = document.querySelector("[data-desk]");
  const one = (name) => document.querySelector(`[data-${name}]`);
  const form = one("form"), field = form.elements.text, answer = one("answer"), beside = one("beside");
  const line = one("line"), lineWords = one("line-words");
  const words = JSON.parse(document.getElementById("script-words").textContent);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const copyOf = (name) => one(name).content.cloneNode(true);

  let queue = [], sending = false, tries = 0, timer = 0, shownAt = 0, lastTouched = Date.now();

  // The queue: one scan after the other; the former never holds up the field.
  function scan(text) {
    if (!text.trim()) return field.focus();
    if (queue.length >= QUEUE_MAX) return tell(say("queue_full", { count: queue.length }));
    queue.push(text);
    field.value = "";
    field.focus({ preventScroll: true });
    if (!sending) { show(copyOf("asking")); shownAt = 0; }
    send();
  }

  async function send() {
    if (sending || !queue.length) return;
    clearInterval(timer);
    sending = true;
    const text = queue[0], body = new URLSearchParams(new FormData(form));
    body.set("text", text);
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), TIMEOUT_MS);
    const slow = setTimeout(() => tell(say("slow")), SLOW_MS);
    let outcome = "retry";
    try {
      const reply = await fetch(desk.dataset.ask, { method: "POST", body, signal: stop.signal, redirect: "error", headers: { "X-Desk-Fragment": "1" } });
      if (reply.ok) outcome = take(await reply.text(), text);
      else if (reply.status === 401) outcome = "expired";
      else if (reply.status === 403) outcome = "reload";
      else tell(say("server_trouble"));
    } catch {
      outcome = navigator.onLine ? "retry" : "offline";
    }
    clearTimeout(late);
    clearTimeout(slow);
    sending = false;
    if (outcome === "expired" || outcome === "reload") return handOver(text);
    if (outcome === "done") {
      queue.shift();
      tries = 0;
      tell("");
      return send();
    }
    wait(outcome === "offline" ? 0 : outcome);
  }

  // Put the server's fragment in place. An answer that is none stays in the queue.
  function take(html, text) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = made.content.querySelector("[data-today]");
    if (fresh) beside.replaceChildren(fresh.content), fresh.remove();
    const coming = made.content.querySelector(".verdict"), there = answer.querySelector(".verdict");
    const same = tries && coming && there && "unanswered" in coming.dataset && coming.dataset.verdict === there.dataset.verdict;
    if (!same) { show(made.content); reveal(); }
    const verdict = answer.querySelector(".verdict");
    if (verdict && verdict.dataset.verdict === "unreadable" && !field.value) { field.value = text; field.select(); }
    return verdict && "unanswered" in verdict.dataset ? Number(verdict.dataset.unanswered) : "done";
  }

  // On a small screen the camera may push the answer out of sight.
  function reveal() {
    const { top } = answer.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight * 0.55) answer.scrollIntoView({ block: "start" });
  }

  function show(content) {
    answer.replaceChildren(content);
    dress();
  }

  function dress() {
    const verdict = answer.querySelector(".verdict");
    shownAt = verdict ? Date.now() : 0;
    const print = answer.querySelector("[data-print]");
    if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
    const next = answer.querySelector("[data-next]");
    if (next) next.addEventListener("click", (event) => { event.preventDefault(); nextPatient(); });
    grow();
  }

  // Wait, count down in words, and try again; `seconds` may come from the server.
  function wait(seconds) {
    let left = Math.max(typeof seconds === "number" ? seconds : 0, WAITS_SECONDS[Math.min(tries, WAITS_SECONDS.length - 1)]);
    tries += 1;
    if (!answer.querySelector(".verdict")) answer.replaceChildren(copyOf("waiting"));
    const step = () => {
      if (!queue.length) { clearInterval(timer); return tell(""); }
      const count = queue.length;
      const waiting = say(count === 1 ? "waiting_one" : "waiting_many", { count, seconds: left });
      tell(navigator.onLine ? waiting : `${say("offline")} ${waiting}`);
      if (left <= 0) { clearInterval(timer); return send(); }
      left -= 1;
    };
    clearInterval(timer);
    timer = setInterval(step, 1000);
    step();
  }

  function tell(sentence) {
    line.hidden = !sentence;
    lineWords.textContent = sentence;
  }

  // The session is over, or the form too old: hand the number to the server by a plain form, which keeps it through the sign-in.
  function handOver(text) {
    queue = [];
    field.value = text;
    form.submit();
  }

  // The age of the answer, in words; old ones lose their colour.
  function grow() {
    const verdict = answer.querySelector(".verdict"), age = answer.querySelector("[data-age]");
    if (!verdict || !age || !shownAt) return;
    const minutes = Math.floor((Date.now() - shownAt) / 60000), old = minutes >= OLD_MINUTES;
    age.hidden = false;
    const sentence = old ? say("age_old", { time: verdict.dataset.time }) : minutes ? say("age_minutes", { minutes }) : say("age_now");
    if (age.textContent !== sentence) age.textContent = sentence;
    verdict.classList.toggle("old", old);
  }

  function nextPatient() {
    show(copyOf("ready"));
    field.value = "";
    window.scrollTo(0, 0);
    field.focus();
  }

  // A word before the session ends at rest.
  const ending = one("ending"), endingWords = one("ending-words");
  function rest() {
    const left = Number(desk.dataset.idle) - (Date.now() - lastTouched) / 1000;
    const near = left < Number(desk.dataset.warned);
    if (near === ending.hidden) {
      ending.hidden = !near;
      endingWords.textContent = near ? one("ending-template").content.textContent : "";
    }
  }
  async function stay() {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const reply = await fetch(desk.dataset.stay, { method: "POST", body, redirect: "error", headers: { "X-Desk-Fragment": "1" } });
      if (reply.status === 401) return form.submit();
      if (reply.ok) lastTouched = Date.now();
    } catch { /* the line is bad; the next scan says so */ }
    rest();
    field.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lastTouched = Date.now();
    scan(field.value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); return nextPatient(); }
    // A scanner types wherever the cursor is: letters that nobody waits for go to the field.
    const place = document.activeElement;
    const typing = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (typing && (!place || !place.matches("input, textarea, select"))) { field.value = ""; field.focus(); }
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => tell(say("offline")));
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  // Coming back by the back button must not show a former patient as if just answered.
  window.addEventListener("pageshow", (event) => { if (event.persisted) nextPatient(); });
  one("try-now").addEventListener("click", send);
  one("drop").addEventListener("click", () => { queue = []; clearInterval(timer); tell(""); nextPatient(); });
  one("stay-button").addEventListener("click", stay);
  setInterval(() => { grow(); rest(); }, 5000);

  // The camera, where there is one; what reads its pictures is fetched when it is first wanted.
  const button = one("camera"), view = one("view"), viewWords = one("view-words");
  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    let close = null;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (close) { close(); close = null; view.hidden = true; desk.classList.remove("seeing"); button.textContent = say("camera_on"); return field.focus(); }
      view.hidden = false;
      desk.classList.add("seeing");
      viewWords.textContent = say("camera_preparing");
      button.disabled = true;
      try {
        const { open } = await import(desk.dataset.decoder);
        close = await open(view.querySelector("video"), scan);
        viewWords.textContent = say("camera_hint");
        button.textContent = say("camera_off");
      } catch {
        viewWords.textContent = say("camera_refused");
      }
      button.disabled = false;
      field.focus();
    });
  }

  dress();
  field.focus();
})();
