// The writing page of the desk saves while somebody types (J4). Nothing is kept in the browser, and without this
// the page is one plain form.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 3, LONGEST = 10; // seconds after the last key, and at most while somebody types on
  const AGAIN = 15; // seconds until the next try
  const PATIENCE = 15; // seconds for an answer
  const KEEPALIVE = 60_000; // bytes that a browser sends on for a page which is gone
  const line = form.querySelector("[data-saved]");
  const warning = form.querySelector("[data-warning]");
  const words = form.dataset;
  let saved = form.querySelector(".form-errors, [role=alert]:not([hidden])") ? null : standing();
  let sending = false, over = false, begun = 0, timer;
  if (saved === null) wait(PAUSE); // what came back with an error is not kept

  function fields() {
    const typed = new URLSearchParams(new FormData(form));
    typed.delete("csrfmiddlewaretoken");
    return typed;
  }

  function standing() {
    return fields().toString();
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  function typed() {
    if (over) return;
    const now = Date.now() / 1000;
    begun ||= now;
    wait(Math.max(0, Math.min(PAUSE, begun + LONGEST - now)));
  }

  async function save({ leaving = false, background = false } = {}) {
    clearTimeout(timer);
    const mine = standing();
    if (over || mine === saved || (sending && !leaving)) return;
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "HX-Request": "true",
      "HX-Current-URL": location.href,
      "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
    };
    if (background) headers["X-Background"] = "1"; // nobody is there: the session ends when it would
    const keepalive = leaving && mine.length < KEEPALIVE;
    sending = true;
    begun = 0;
    try {
      const signal = AbortSignal.timeout(PATIENCE * 1000);
      await settle(mine, await fetch(words.autosave, { method: "POST", body: mine, headers, signal, keepalive, redirect: "manual" }));
    } catch {
      retry();
    }
    sending = false;
  }

  async function settle(mine, response) {
    const signIn = response.headers.get("HX-Redirect");
    if (signIn || response.type === "opaqueredirect" || response.status === 403) return stop(signIn ?? location.href);
    if (!response.ok) return retry();
    const answer = await response.json();
    saved = mine;
    line.textContent = answer.saved;
    warning.textContent = answer.warning;
    warning.hidden = !answer.warning;
    if (standing() !== saved) typed();
  }

  function retry() {
    line.textContent = words.trying;
    wait(AGAIN);
  }

  function stop(address) {
    over = true;
    const way = Object.assign(document.createElement("a"), { className: "button", href: address, textContent: words.signIn });
    warning.replaceChildren(Object.assign(document.createElement("span"), { textContent: words.signedOut }), way);
    warning.hidden = false;
    line.textContent = "";
    warning.scrollIntoView({ block: "center" });
  }

  // The look beside the form comes anew while one types: it stays where it was scrolled to, and is silent
  // when it cannot come, because the line about saving says so already.
  const beside = document.getElementById("beside");
  const scrolled = () => [...beside.querySelectorAll("[tabindex]")].map(({ id, scrollTop }) => [id, scrollTop]);
  let tops = [];
  beside.addEventListener("htmx:beforeSwap", () => { tops = scrolled(); });
  beside.addEventListener("htmx:afterSwap", () => {
    for (const [id, top] of tops) document.getElementById(id)?.scrollTo(0, top);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    beside.addEventListener(name, (event) => event.stopPropagation());
  }

  form.addEventListener("input", typed);
  form.addEventListener("submit", () => { over = true; clearTimeout(timer); });
  document.addEventListener("prose-editor:ready", () => { if (saved !== null && !begun) saved = standing(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save({ leaving: true }); });
  addEventListener("pagehide", () => save({ leaving: true }));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) over = false; });
  addEventListener("idle", () => save({ background: true }));
})();
