// The board: a place to plan on, under the pointer or the arrow keys, and sessions that can be taken elsewhere.
// Nothing changes here: a place leads to the page that plans, a drop to the page that asks about the move.
const QUARTERS = 4, STEP = 2, LONG_PRESS = 400, FAR = 6; // quarters an hour, quarters a step, ms, px
let held = null; // the session under the pointer, once pressed
let dropped = false; // the click that follows a drop leads nowhere

const days = (board) => [...board.querySelectorAll(".day")];
const isGrid = (board) => getComputedStyle(board).display === "grid";
const rowsOf = (board) => (board.dataset.lastHour - board.dataset.firstHour) * QUARTERS;
const isOpen = (day, board) => day.dataset.date >= board.dataset.today;
const two = (number) => String(number).padStart(2, "0");

function time(board, row) {
  const minutes = board.dataset.firstHour * 60 + row * 15;
  return [Math.floor(minutes / 60), two(minutes % 60)];
}

function words(board, row) {
  const [hour, minutes] = time(board, row);
  return `${hour % 12 || 12}:${minutes} ${hour > 11 ? board.dataset.pm : board.dataset.am}`;
}

function query(board, day, row) {
  const given = new URLSearchParams({ date: day.dataset.date, time: time(board, row).map(two).join(":") });
  for (const name of ["room", "lead"]) if (day.dataset[name]) given.set(name, day.dataset[name]);
  return `?${given}`;
}

function rowAt(board, day, y) {
  const box = day.getBoundingClientRect();
  return Math.floor((y - box.top) / (box.height / rowsOf(board)));
}

function stand(element, row, height) {
  element.classList.remove(...[...element.classList].filter((name) => /^[rh]\d+$/.test(name)));
  element.classList.add(`r${row + 1}`, `h${height}`);
}

// The free place: one link in the order of tabs, which moves over the board.

function setUp(root) {
  for (const board of root.querySelectorAll(".board[data-plan]:not([data-ready])")) {
    board.dataset.ready = "";
    const day = days(board).find((each) => isOpen(each, board));
    if (!day) continue;
    const place = document.createElement("a");
    place.className = "place";
    place.draggable = false;
    const help = document.createElement("p");
    help.className = "board-help no-print";
    help.setAttribute("role", "status");
    board.after(help);
    put(board, place, day, Math.max(0, (9 - board.dataset.firstHour) * QUARTERS));
    place.addEventListener("focus", () => { help.textContent = board.dataset.help; });
  }
}

function put(board, place, day, row) {
  const last = rowsOf(board) - STEP;
  const at = Math.min(Math.max(row, 0), last);
  stand(place, at, STEP);
  place.dataset.row = at;
  place.href = board.dataset.plan + query(board, day, at);
  place.textContent = `+ ${words(board, at)}`;
  place.setAttribute("aria-label", `${board.dataset.label}: ${day.getAttribute("aria-label")}, ${words(board, at)}`);
  if (place.parentElement !== day) {
    const focused = document.activeElement === place;
    day.append(place);
    if (focused) place.focus({ preventScroll: true });
  }
}

const KEYS = {
  ArrowUp: [0, -STEP], ArrowDown: [0, STEP], PageUp: [0, -2 * QUARTERS], PageDown: [0, 2 * QUARTERS],
  ArrowLeft: [-1, 0], ArrowRight: [1, 0],
};

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const on = event.target instanceof Element ? event.target : null;
  if (event.key === "Escape" && held) {
    dropped = Boolean(held.ghost);
    return letGo();
  }
  if (plain && on?.matches("[data-move]") && event.key.toLowerCase() === "m") location.assign(`${on.pathname}move/`);
  if (!plain || !on?.matches(".place") || !KEYS[event.key]) return;
  event.preventDefault();
  const [across, down] = KEYS[event.key], board = on.closest(".board");
  const open = days(board).filter((day) => isOpen(day, board));
  const day = open[open.indexOf(on.parentElement) + across] ?? on.parentElement;
  put(board, on, day, Number(on.dataset.row) + down);
  on.scrollIntoView({ block: "nearest", inline: "nearest" });
  board.nextElementSibling.textContent = on.getAttribute("aria-label");
});

function freeDay(event) {
  const day = event.target instanceof Element && event.target.matches(".board[data-plan] .day") ? event.target : null;
  const board = day?.closest(".board");
  return board && isGrid(board) && isOpen(day, board) ? [board, day] : null;
}

document.addEventListener("pointermove", (event) => {
  if (held) return carry(event);
  const found = event.pointerType === "touch" ? null : freeDay(event);
  for (const place of document.querySelectorAll(".place.near")) if (!found) place.classList.remove("near");
  if (!found) return;
  const [board, day] = found, place = board.querySelector(".place");
  if (place === document.activeElement) return;
  put(board, place, day, Math.floor(rowAt(board, day, event.clientY) / STEP) * STEP);
  place.classList.add("near");
});

document.addEventListener("click", (event) => {
  if (dropped) {
    dropped = false;
    event.preventDefault();
    return;
  }
  const found = freeDay(event);
  if (!found) return;
  const [board, day] = found;
  const row = Math.floor(rowAt(board, day, event.clientY) / STEP) * STEP;
  location.assign(board.dataset.plan + query(board, day, Math.min(row, rowsOf(board) - STEP)));
}, true);

// A session on its way: a ghost shows where it would stand.

document.addEventListener("pointerdown", (event) => {
  dropped = false;
  const slot = event.button === 0 && event.target instanceof Element && event.target.closest(".slot[data-move]");
  const board = slot && slot.closest(".board[data-plan]");
  if (!board || !isGrid(board)) return;
  const row = rowAt(board, slot.parentElement, slot.getBoundingClientRect().top + 1);
  held = { slot, board, x: event.clientX, y: event.clientY, from: row, ghost: null };
  held.grip = rowAt(board, slot.parentElement, event.clientY) - row;
  if (event.pointerType === "touch") held.timer = setTimeout(() => lift(), LONG_PRESS);
});

function lift() {
  const { slot } = held;
  held.ghost = document.createElement("div");
  held.ghost.className = "ghost";
  held.height = Number(/\bh(\d+)/.exec(slot.className)[1]);
  slot.classList.add("held");
  hover(slot.parentElement, held.from);
}

function hover(day, row) {
  const { board, ghost, height, slot } = held;
  const at = Math.min(Math.max(row, 0), rowsOf(board) - Math.min(height, rowsOf(board)));
  stand(ghost, at, height);
  ghost.textContent = `${slot.querySelector("b").textContent}, ${words(board, at)}`;
  if (ghost.parentElement !== day) day.append(ghost);
  Object.assign(held, { day, row: at });
}

function carry(event) {
  const { slot, board, x, y } = held;
  if (!held.ghost) {
    if (Math.hypot(event.clientX - x, event.clientY - y) < FAR) return;
    if (event.pointerType === "touch") return letGo(); // the page scrolls
    lift();
  }
  const across = (day) => {
    const box = day.getBoundingClientRect();
    return box.left <= event.clientX && event.clientX < box.right;
  };
  // Who leads is not changed by a move: a session stays in the column of its person, and out of days gone by.
  const day = slot.parentElement.dataset.lead ? null : days(board).find((each) => across(each) && isOpen(each, board));
  hover(day ?? held.day, rowAt(board, held.day, event.clientY) - held.grip);
  const edge = 40;
  if (event.clientY < edge || event.clientY > innerHeight - edge) scrollBy(0, event.clientY < edge ? -16 : 16);
}

document.addEventListener("pointerup", () => {
  if (!held) return;
  const { ghost, slot, board, day, row, from } = held;
  letGo();
  if (!ghost) return;
  dropped = true;
  setTimeout(() => { dropped = false; }, 50);
  if (day === slot.parentElement && row === from) return;
  const to = new URLSearchParams(query(board, day, row));
  to.delete("lead");
  location.assign(`${slot.pathname}move/?${to}`);
});

function letGo() {
  clearTimeout(held.timer);
  held.slot.classList.remove("held");
  held.ghost?.remove();
  held = null;
}

document.addEventListener("pointercancel", () => { if (held) letGo(); });
document.addEventListener("touchmove", (event) => { if (held?.ghost) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
document.addEventListener("dragstart", (event) => { if (held) event.preventDefault(); });
document.addEventListener("htmx:load", (event) => setUp(event.target instanceof Element ? event.target : document));
setUp(document);
