function announce(root) {
  root.querySelector(".form-errors")?.focus();
}

announce(document);
document.addEventListener("htmx:afterSettle", (event) => announce(event.detail.elt.parentElement ?? document));
