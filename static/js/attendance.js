// The attendance sheet, saved mark by mark (B7). Without this the page is one plain form; with it a mark that could
// not be saved stays as it was chosen, says so, and is tried again until it is.
const form = document.querySelector("form.marking");
const words = form.dataset;
const PAUSES = [2, 4, 8, 15, 30]; // seconds between tries
const PATIENCE = 15; // seconds for an answer
const unsaved = new Map(); // client: the mark that is chosen and not saved yet
const seen = new Map(); // client: what the server may hold of this page's making, so that nobody else's is overwritten
let sending = false, over = false, leaving = false, tries = 0, timer;

const rowOf = (client) => form.querySelector(`tr[data-client="${client}"]`);
const rows = () => [...form.querySelectorAll("tr[data-client]")];
const radios = (row) => [...row.querySelectorAll("[type=radio]")];
const chosen = (row) => radios(row).find((radio) => radio.checked)?.value ?? "";
const shown = (row) => row.querySelector(`[name="was-${row.dataset.client}"]`);
const name = (client) => rowOf(client).querySelector("b").textContent;

function say(row, text, tone = "") {
  const state = row.querySelector(".state");
  state.textContent = text;
  state.className = `state ${tone}`;
}

function choose(row, mark, byKey = false) {
  const { client } = row.dataset;
  if (over || (!unsaved.has(client) && shown(row).value === mark)) return;
  for (const radio of radios(row)) radio.checked = radio.value === mark;
  if (byKey) enter(row);
  leaving = false;
  unsaved.set(client, mark);
  say(row, tries ? words.unsaved : "", tries ? "late" : "");
  send();
}

async function send() {
  if (sending || over || !unsaved.size) return;
  clearTimeout(timer);
  sending = true;
  const [client, mark] = unsaved.entries().next().value;
  const was = seen.get(client) ?? new Set([shown(rowOf(client)).value]);
  try {
    const answer = await post(client, mark, was);
    seen.set(client, was.add(mark));
    settle(client, mark, answer);
  } catch {
    seen.set(client, was.add(mark)); // it may have come through, and only the answer got lost
    retry();
  }
  sending = false;
  if (!unsaved.size && leaving) location.assign(words.done);
  else if (!tries) send();
}

async function post(client, mark, was) {
  const body = new URLSearchParams({ client, state: mark });
  for (const one of was) body.append("was", one);
  const headers = {
    "HX-Request": "true",
    "HX-Current-URL": location.href,
    "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  const signal = AbortSignal.timeout(PATIENCE * 1000);
  const response = await fetch(words.mark, { method: "POST", body, headers, signal, redirect: "manual" });
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) throw new Error("later");
  return { response, html: await response.text() };
}

function settle(client, mark, { response, html }) {
  const signIn = response.headers.get("HX-Redirect");
  if (signIn || response.type === "opaqueredirect") return stop(words.signedOut, words.signIn, signIn ?? location.href);
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const row = holder.content.querySelector("tr");
  if (!row) return stop(words.refused, words.load, location.href);
  through();
  form.querySelector(".recorded").textContent = row.dataset.recorded;
  if (response.ok) return saved(rowOf(client), mark);
  unsaved.delete(client);
  seen.delete(client);
  replace(rowOf(client), row);
}

function saved(row, mark) {
  const { client } = row.dataset;
  shown(row).value = mark;
  if (unsaved.get(client) !== mark) return; // chosen anew meanwhile
  unsaved.delete(client);
  seen.delete(client);
  say(row, mark ? words.saved : "", "kept");
}

// Somebody else's mark stands, or the sheet is closed: the row shows what is kept, and says why.
function replace(old, row) {
  const held = old.contains(document.activeElement);
  old.replaceWith(row);
  say(row, row.querySelector(".state").textContent, "late");
  if (held) enter(row);
  announce(`${name(row.dataset.client)}: ${row.querySelector(".state").textContent}`, "wait");
}

function retry() {
  timer = setTimeout(send, PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000);
  tries += 1;
  for (const client of unsaved.keys()) say(rowOf(client), words.unsaved, "late");
  announce(`${words.trying} ${names()}.`, "wait");
}

function through() {
  if (tries) announce(unsaved.size > 1 ? "" : words.through, "calm");
  tries = 0;
}

// Nothing more can be saved from this page. What is lost is said, and kept nowhere in the browser.
function stop(text, label, address) {
  over = true;
  for (const client of unsaved.keys()) say(rowOf(client), words.lost, "late");
  for (const control of form.querySelectorAll("[type=radio], button")) control.disabled = true;
  const way = document.createElement("a");
  way.className = "button";
  way.href = address;
  way.textContent = label;
  const notice = announce(`${text} ${names()}.`);
  notice.append(way);
  notice.scrollIntoView({ block: "center" });
}

const names = () => [...unsaved.keys()].map(name).join(", ");

function announce(text, tone = "") {
  const notice = document.createElement("p");
  notice.className = `notice ${tone}`;
  notice.append(Object.assign(document.createElement("span"), { textContent: text }));
  form.querySelector(".trouble").replaceChildren(...(text ? [notice] : []));
  return notice;
}

const enter = (row) => (radios(row).find((radio) => radio.checked) ?? radios(row)[0]).focus();

function beside(of, list, step) {
  return list[Math.min(Math.max(list.indexOf(of) + step, 0), list.length - 1)];
}

// Arrows only move: a native group of radios would mark on the way.
function key(event, row) {
  const on = event.target;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") enter(beside(row, rows(), event.key === "ArrowUp" ? -1 : 1));
  else if (!on.matches("[type=radio]")) return;
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") beside(on, radios(row), event.key === "ArrowLeft" ? -1 : 1).focus();
  else if (event.key === "Enter") choose(row, on.value);
  else if (["0", "Backspace", "Delete"].includes(event.key)) choose(row, "", true);
  else if (/^[1-5]$/.test(event.key) && radios(row)[event.key - 1]) choose(row, radios(row)[event.key - 1].value, true);
  else return;
  event.preventDefault();
}

function submit(event) {
  const button = event.submitter;
  event.preventDefault();
  if (button?.name === "clear") {
    choose(rowOf(button.value), "");
    enter(rowOf(button.value));
  } else if (button?.name === "everyone") {
    const blank = button.value.split(" ").map(rowOf).filter((row) => row && !chosen(row));
    for (const row of blank) choose(row, row.dataset.fitting);
  } else if (unsaved.size) {
    leaving = true;
    send();
  } else location.assign(words.done);
}

async function look(event) {
  if (!event.target.open) return;
  const response = await fetch(location.href, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
  if (response?.ok && !response.headers.has("HX-Redirect")) form.querySelector("#changes").innerHTML = await response.text();
}

if (words.mark) {
  form.querySelector(".keys").hidden = false;
  form.addEventListener("submit", submit);
  form.addEventListener("change", ({ target }) => target.type === "radio" && choose(target.closest("tr"), target.value));
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-client]");
    if (row && !event.ctrlKey && !event.metaKey && !event.altKey) key(event, row);
  });
  form.querySelector(".changes").addEventListener("toggle", look);
  addEventListener("online", send);
  // Not on the way out in a hurry: whoever leaves quickly is asked nothing.
  addEventListener("beforeunload", (event) => {
    const inAHurry = document.documentElement.classList.contains("veiled");
    if (unsaved.size && !over && !inAHurry) event.preventDefault();
  });
}
