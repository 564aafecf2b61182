// A page left alone asks whether somebody is there, and then leaves for the sign-in page (A4). The server
// decides: other tabs may have kept the session alive.
(() => {
  const WARN = 120; // seconds before the end
  const CHECK = 5; // seconds; a laptop that slept must notice soon after it wakes
  const TYPING = 60; // seconds; writing says so to the server no more often
  const PATIENCE = 5; // seconds for an answer

  const dialog = document.querySelector("dialog[data-left]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const unkept = dialog.querySelector("[data-unkept]");
  const WRITTEN = "main form:not([data-draft]) :is(textarea, select, input:not([type=hidden]))";
  const now = () => Date.now() / 1000;
  let end = now() + Number(dialog.dataset.left);
  let told = now();
  let asking = false;
  let over = false; // the server said so itself

  async function ask(options) {
    asking = true;
    try {
      const answer = await fetch(dialog.dataset.staying, { redirect: "manual", ...options });
      if (answer.ok) end = now() + (await answer.json()).left;
      else if (answer.type === "opaqueredirect") {
        end = now(); // sent to sign in: the session is over
        over = true;
      }
    } catch {
      // No network: the end stands where it stood.
    }
    asking = false;
  }

  async function stay() {
    told = now();
    if (dialog.open) dialog.close();
    await ask({ method: "POST", headers: { "X-CSRFToken": token } });
    if (end <= now()) goToSignIn();
  }

  async function goToSignIn() {
    asking = true; // once is enough
    document.documentElement.classList.add("veiled");
    location.replace((over && (await carried())) || dialog.dataset.ended);
  }

  // Words that nobody sent go along. Without a session nothing is done with them: the server seals them for
  // their writer, and answers where they wait (J4).
  async function carried() {
    const form = [...document.querySelectorAll("main form")].find((form) => keeps(form) && isWrittenOn(form));
    if (!form) return null;
    try {
      const body = new URLSearchParams(new FormData(form));
      const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
      const signal = AbortSignal.timeout(PATIENCE * 1000);
      const answer = await fetch(form.action, { method: "POST", body, headers, signal, redirect: "manual" });
      return answer.headers.get("HX-Redirect");
    } catch {
      return null;
    }
  }

  function keeps(form) {
    return Boolean(form?.elements.namedItem("writer"));
  }

  function isWrittenOn(form) {
    const fields = [...form.elements].filter((field) => field.matches("textarea, input:not([type=hidden])"));
    return form.querySelector(".form-errors") || fields.some((field) => field.value !== field.defaultValue);
  }

  async function check() {
    if (asking || now() < end - WARN) return;
    await ask({ headers: { "X-Background": "1" } });
    if (now() >= end) goToSignIn();
    else if (now() < end - WARN) dialog.close(); // somebody is busy in another tab
    else if (!dialog.open) warn();
  }

  function warn() {
    dispatchEvent(new Event("idle")); // a page that saves by itself does so now
    unkept.hidden = [...document.querySelectorAll(WRITTEN)].every((field) => keeps(field.form));
    dialog.showModal();
  }

  dialog.querySelector("button").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay); // the Escape key
  addEventListener("input", () => {
    if (now() - told > TYPING) stay();
  });
  addEventListener("visibilitychange", check);
  setInterval(check, CHECK * 1000);
})();
