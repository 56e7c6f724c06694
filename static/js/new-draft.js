/* The page takes the address that its <form data-takes-address> is sent to, so that going back leads to what the form made. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-takes-address]");
  if (form) history.replaceState(history.state, "", form.action);
})();
