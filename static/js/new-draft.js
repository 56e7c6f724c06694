/* Replaces the URL of the page by the action of <form data-takes-address>, so that going back opens the created draft. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-takes-address]");
  if (form) history.replaceState(history.state, "", form.action);
})();
