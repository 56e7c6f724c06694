/* Adds the field's label to the accessible name of the admin's select2 boxes, which is otherwise only the selected value. */
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

  // Both run after the admin's handlers, which create the boxes.
  window.django.jQuery(() => name(document));
  // Django's script for multiple selection creates icons with a name and no role.
  window.addEventListener("load", () => window.setTimeout(() => {
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
  }));
  document.addEventListener("formset:added", (event) => name(event.target));
})();
