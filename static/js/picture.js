// Puts a picture of ours into the text that is being written, with its words, where the cursor stands.
(() => {
  let writing;
  addEventListener("prose-editor:ready", ({ detail: { editor } }) => { writing = editor; });

  document.addEventListener("click", ({ target }) => {
    const pick = target.closest("[data-picture]");
    if (!pick || !writing) return;
    const { picture, alt, credit } = pick.dataset;
    const parts = [{ type: "image", attrs: { src: picture, alt } }];
    if (credit) parts.push({ type: "caption", content: [{ type: "text", text: credit }] });
    writing.chain().focus().insertContent({ type: "figure", content: parts }).run();
  });
})();
