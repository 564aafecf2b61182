// Shows a message on a person's own device, and opens the link in it. It keeps no page of ours: no handler
// for what the browser fetches, no cache, no storage.
self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

self.addEventListener("push", (event) => {
  const { title, link } = event.data.json()
  event.waitUntil(self.registration.showNotification(title, { tag: link, data: { link } }))
})

self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  const link = new URL(event.notification.data.link, self.location.origin)
  if (link.origin === self.location.origin) event.waitUntil(self.clients.openWindow(link.href))
})
