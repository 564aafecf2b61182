// The writing page, saved while somebody types (J4). Without this the page is one plain form; with it nothing that
// was typed is lost when the power goes or the session ends. Nothing is kept in the browser.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const words = form.dataset;
  const PAUSE = 2, LONGEST = 8; // seconds after the last key, and at most while somebody types on
  const PAUSES = [2, 4, 8, 15, 30, 60]; // seconds between tries
  const PATIENCE = 15; // seconds for an answer
  const KEEPALIVE = 60_000; // bytes that a browser sends on for a page which is gone
  const line = form.querySelector("[data-saved]");
  const announced = form.querySelector("[data-announced]");
  const notice = form.querySelector(".trouble");
  const field = (name) => form.elements.namedItem(name);
  let saved = standing(); // what the server has, or had when the page came
  let sending = 0, over = false, tries = 0, begun = 0, at = null, timer;

  function standing() {
    return JSON.stringify(["written_on", "title", "text"].map((name) => field(name).value));
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  function typed() {
    if (over || tries) return;
    const now = Date.now() / 1000;
    begun ||= now;
    wait(Math.max(0, Math.min(PAUSE, begun + LONGEST - now)));
  }

  function body() {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("csrfmiddlewaretoken");
    return fields.toString();
  }

  function send(text, { background = false, keepalive = false } = {}) {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "HX-Request": "true",
      "HX-Current-URL": location.href,
      "X-CSRFToken": field("csrfmiddlewaretoken").value,
    };
    if (background) headers["X-Background"] = "1"; // nobody is there: the session ends when it would
    const signal = AbortSignal.timeout(PATIENCE * 1000);
    return fetch(words.draft, { method: "POST", body: text, headers, signal, keepalive, redirect: "manual" });
  }

  async function save(options = {}) {
    clearTimeout(timer);
    const mine = standing();
    if ((sending && !options.leaving) || over || mine === saved) return;
    const text = body();
    sending += 1;
    begun = 0;
    try {
      await settle(mine, await send(text, { keepalive: options.leaving && text.length < KEEPALIVE, ...options }));
    } catch {
      retry();
    }
    sending -= 1;
    if (!over && !tries && standing() !== saved) typed();
  }

  async function settle(mine, response) {
    const signIn = response.headers.get("HX-Redirect");
    // 403: somebody else is signed in here by now.
    if (signIn || response.type === "opaqueredirect" || response.status === 403) return stop(signIn ?? location.href, mine === saved);
    if (!response.ok) return retry();
    const answer = await response.json();
    adopt(answer);
    if (tries) announced.textContent = words.through;
    tries = 0;
    saved = mine; // in the draft, or where there is nothing to say, in the page that was kept
    at = new Date();
    show(answer.saved);
  }

  // The draft that this form stands in; another one where another tab went on with the first.
  function adopt({ token, revision }) {
    const [mine, seen] = [field("client_token"), field("seen")];
    if (token === mine.value && revision && revision < Number(seen.value)) return; // an answer that was overtaken
    mine.value = token;
    seen.value = revision;
  }

  function show(text) {
    line.hidden = !text;
    line.classList.remove("late");
    line.querySelector("span").textContent = text;
  }

  function retry() {
    wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    if (!tries) announced.textContent = words.trying; // said once, not with each try
    tries += 1;
    show(words.trying);
    line.classList.add("late");
  }

  // As the line beside the day shows it: on the writer's clock, without saying which half of the day.
  function clock(moment) {
    const shape = { hour: "numeric", minute: "2-digit", hour12: true, timeZone: words.zone };
    return moment?.toLocaleTimeString("en", shape).replace(/\s?[AP]M$/, "");
  }

  // Nothing more can be saved from this page.
  function stop(address, unchanged) {
    over = true;
    const kept = new URL(address, location.href).searchParams.has("kept");
    const time = clock(kept ? new Date() : at);
    const text = kept || unchanged ? (time ? words.signedOutAt.replace("%s", time) : words.signedOut) : words.signedOutLost;
    const way = Object.assign(document.createElement("a"), { className: "button", href: address, textContent: words.signIn });
    notice.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }), way);
    notice.hidden = false;
    line.hidden = true;
    notice.scrollIntoView({ block: "center" });
  }

  // The page may be gone before an answer comes: what is on its way already does not hold this one up.
  function last() {
    if (document.visibilityState === "hidden") save({ leaving: true });
  }

  function leave() {
    over = true;
    const fields = new URLSearchParams(body());
    fields.set("let_go", "on");
    send(fields.toString(), { keepalive: true }).catch(() => {});
  }

  form.addEventListener("input", typed);
  form.addEventListener("submit", () => { over = true; clearTimeout(timer); });
  form.querySelector("[data-unchanged]")?.addEventListener("click", leave);
  document.querySelector("[data-let-go]")?.addEventListener("submit", () => { over = true; });
  document.addEventListener("visibilitychange", last);
  addEventListener("pagehide", () => save({ leaving: true }));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) over = false; });
  addEventListener("online", () => { if (tries) save(); });
  addEventListener("idle", () => save({ background: true }));
})();
