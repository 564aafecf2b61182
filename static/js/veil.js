// A page kept in the browser's memory comes back without asking the server: hide it on the way out, ask again on the way in.
addEventListener("pagehide", () => document.documentElement.classList.add("veiled"));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
