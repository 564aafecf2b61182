// A question is dragged to its place in the list; the buttons beside it do the same without a mouse.
let held = null;

function place(list, y) {
  const below = [...list.children].find((row) => {
    const box = row.getBoundingClientRect();
    return row !== held && y < box.top + box.height / 2;
  });
  list.insertBefore(held, below ?? null);
}

function drop() {
  const form = held.querySelector("form");
  const to = Object.assign(document.createElement("input"), { type: "hidden", name: "to" });
  to.value = held.previousElementSibling?.dataset.key ?? "first";
  form.append(to);
  form.submit();
}

for (const list of document.querySelectorAll("[data-order]")) {
  for (const row of list.children) {
    row.draggable = true;
    row.addEventListener("dragstart", ({ dataTransfer }) => {
      held = row;
      dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => { held = null; });
  }
  list.addEventListener("dragover", (event) => {
    if (held?.parentElement !== list) return;
    event.preventDefault();
    place(list, event.clientY);
  });
  list.addEventListener("drop", (event) => {
    if (held?.parentElement !== list) return;
    event.preventDefault();
    drop();
  });
}
