// The editor adds a style to the page, which our policy forbids, unless it finds one. It finds this empty one,
// which is no style to the browser; the rules themselves are in editor.css.
const found = document.createElementNS("http://www.w3.org/1998/Math/MathML", "style");
found.setAttribute("data-tiptap-style", "");
document.head.append(found);

// The rich-text field gets the name, the hint and the error of the plain one that it replaces.
addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const area = editor.view.dom;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const notes = textarea.getAttribute("aria-describedby");
  area.setAttribute("aria-multiline", "true");
  if (label) area.setAttribute("aria-label", label.textContent.trim());
  if (notes) area.setAttribute("aria-describedby", notes);
  if (textarea.getAttribute("aria-invalid")) area.setAttribute("aria-invalid", "true");
  label?.addEventListener("click", () => editor.commands.focus());
});
