// Turns messages on this device on. The browser asks the person, then hands over an address and two keys,
// and the form that was pressed takes them along.
(() => {
  const form = document.querySelector("[data-push-key]")
  if (!form) return
  const knows =
    window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window
  for (const part of document.querySelectorAll("[data-needs-push]")) part.hidden = !knows
  for (const part of document.querySelectorAll("[data-no-push]")) part.hidden = knows
  if (!knows) return

  const trouble = { refused: document.getElementById("push-refused"), failed: document.getElementById("push-failed") }
  const show = (name) => {
    for (const [each, part] of Object.entries(trouble)) part.hidden = each !== name
    if (name) trouble[name].focus()
  }

  const subscribe = async () => {
    await navigator.serviceWorker.register(form.dataset.pushWorker, { scope: "/" })
    const { pushManager } = await navigator.serviceWorker.ready
    const old = await pushManager.getSubscription()
    if (old) await old.unsubscribe() // it may be of another key, or of somebody else
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.pushKey })
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    show(null)
    if ((await Notification.requestPermission()) !== "granted") return show("refused")
    try {
      const { endpoint, keys } = (await subscribe()).toJSON()
      Object.entries({ endpoint, ...keys }).forEach(([name, value]) => {
        if (form.elements[name]) form.elements[name].value = value
      })
    } catch {
      return show("failed")
    }
    form.submit()
  })
})()
