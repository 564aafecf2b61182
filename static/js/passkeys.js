// Joins the buttons of a page to allauth's scripts, and shows them only where the browser knows passkeys.
(() => {
  const knows = window.isSecureContext && window.PublicKeyCredential !== undefined
  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = !knows
  for (const part of document.querySelectorAll("[data-no-passkeys]")) part.hidden = knows

  const trouble = document.getElementById("passkey-trouble")
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault() // somebody who changed their mind is no error for the console
    if (trouble) trouble.hidden = false
  })

  const form = document.querySelector("[data-passkey]")
  if (!knows || !form) return
  // A box that must be ticked is asked for before the device makes anything.
  document.getElementById("passkey-go").addEventListener("click", (event) => {
    if (trouble) trouble.hidden = true
    if (!form.reportValidity()) event.stopImmediatePropagation()
  })
  const ids = { credential: "passkey-credential", data: "passkey-data" }
  for (const name of ["signup", "login", "authenticate"]) ids[name] = "passkey-go"
  window.allauth.webauthn.forms[form.dataset.passkey]({ ids })
})()
