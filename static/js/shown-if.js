/* Shows fieldset[data-shown-if="id"] while the checkbox with this id is ticked. A hidden fieldset is disabled, so its
   fields are not sent; their text is kept on the page. */
(function () {
  "use strict";
  document.querySelectorAll("fieldset[data-shown-if]").forEach((fieldset) => {
    const box = document.getElementById(fieldset.dataset.shownIf);
    if (!box) return;
    function update() { fieldset.hidden = fieldset.disabled = !box.checked; }
    box.setAttribute("aria-controls", fieldset.id);
    box.addEventListener("input", update); // form-recovery.js sends it, too
    // Text without the tick was refused: show both until the reader decides.
    if (box.checked || !box.closest(".field-invalid")) update();
  });
})();
