/* Tells the portal the browser's time zone in a cookie. It is the first guess for people who have not chosen one. */
(function () {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || document.cookie.split("; ").includes(`portal_time_zone=${zone}`)) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `portal_time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
})();
