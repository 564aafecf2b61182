// A fragment that failed must not look like one that worked.
function trouble() {
  const place = document.getElementById("messages");
  if (!place) return;
  const item = document.createElement("li");
  item.className = "message error";
  item.textContent = place.dataset.trouble;
  place.replaceChildren(item);
  place.scrollIntoView({ block: "nearest" });
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) addEventListener(name, trouble);
