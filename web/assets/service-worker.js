// Shows what this browser is told while Perennial is not open in it. It keeps nothing and answers no requests: pages are
// always the server's own.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const shown = self.registration.showNotification(told.title ?? "Perennial", {
    body: told.body ?? "",
    // The same one that comes again takes the place of the first.
    tag: told.id,
    data: { link: told.link ?? "/notifications" },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link, self.location.origin);
  // Nothing leads elsewhere.
  const there = link.origin === self.location.origin ? link.href : self.location.origin;
  event.waitUntil(self.clients.openWindow(there));
});
