const link = document.querySelector("[data-leave]");

function leave() {
  document.documentElement.classList.add("veiled");
  fetch(link.href, { keepalive: true, credentials: "same-origin", redirect: "manual" }).catch(() => {});
  location.replace(link.dataset.leave || link.href);
}

let presses = [];

addEventListener("keydown", (event) => {
  if (event.repeat) return;
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  presses = [...presses, event.timeStamp].slice(-3);
  if (presses.length === 3 && presses[2] - presses[0] < 1500) leave();
});

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
