/* The admin's search boxes (select2) are named by what is chosen, so an empty one has no name at all:
   each gets its field's label before that. */
(function () {
  "use strict";
  const PARTS = "[role=combobox], [role=textbox], [role=searchbox]";

  function name(root) {
    root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
      const label = select.labels[0];
      if (!label) return;
      label.id ||= `${select.id}-label`;
      select.nextElementSibling?.querySelectorAll(PARTS).forEach((part) => {
        const chosen = part.getAttribute("aria-labelledby");
        part.setAttribute("aria-labelledby", chosen ? `${label.id} ${chosen}` : label.id);
      });
    });
  }

  // Both run after the admin's own, which make the boxes.
  window.django.jQuery(() => name(document));
  // Django's script for choosing several makes icons that have a name but no role.
  window.addEventListener("load", () => window.setTimeout(() => {
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
  }));
  document.addEventListener("formset:added", (event) => name(event.target));
})();
