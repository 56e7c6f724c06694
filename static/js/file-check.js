/* Shows name, size and preview of selected files, and an error if the server would reject one.
   <input type="file" data-max-bytes="20971520" data-types="image/png,image/jpeg,application/pdf">. Files with an ending
   in data-recordings=".mp4,.webm" have the limit data-max-recording-bytes. The server checks the contents. */
(function () {
  "use strict";
  const WORDS = document.currentScript.dataset;

  function size(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let step = 0;
    while (bytes >= 1024 && step < units.length - 1) {
      bytes /= 1024;
      step += 1;
    }
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: units[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: step ? 1 : 0,
    }).format(bytes);
  }

  function limit(input, name) {
    const endings = (input.dataset.recordings || "").split(",").filter(Boolean);
    const recording = endings.some((ending) => name.endsWith(ending));
    return Number((recording && input.dataset.maxRecordingBytes) || input.dataset.maxBytes || 0);
  }

  function problem(input, file) {
    const name = file.name.toLowerCase();
    const max = limit(input, name);
    if (file.size === 0) return WORDS.empty;
    if (max && file.size > max) return WORDS.large.replace("{max}", size(max));
    const types = (input.dataset.types || "").split(",").filter(Boolean);
    // Browsers have several names for the type of a capture.
    const named = input.accept.split(",").some((ending) => ending && name.endsWith(ending));
    if (types.length && file.type && !named && !types.includes(file.type)) return WORDS.type;
    return "";
  }

  function row(input, file) {
    const item = document.createElement("li");
    if (file.type === "image/png" || file.type === "image/jpeg") {
      // A data: URL, because the content security policy permits images only from the site and data:.
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        const picture = document.createElement("img");
        picture.alt = "";
        picture.addEventListener("error", () => picture.remove());
        picture.src = reader.result;
        item.prepend(picture);
      });
      if (file.size < 10_000_000) reader.readAsDataURL(file);
    }
    const words = document.createElement("span");
    words.textContent = `${file.name} (${size(file.size)})`;
    item.append(words);
    const wrong = problem(input, file);
    if (wrong) {
      const note = document.createElement("span");
      note.className = "rejected-file";
      note.textContent = wrong;
      item.append(note);
    }
    return [item, wrong];
  }

  function check(input) {
    let list = input.parentElement.querySelector(":scope > [data-files]");
    if (!list) {
      list = document.createElement("ul");
      list.className = "field-files";
      list.dataset.files = "";
      list.setAttribute("aria-live", "polite");
      input.after(list);
    }
    const rows = Array.from(input.files).map((file) => row(input, file));
    list.replaceChildren(...rows.map(([item]) => item));
    const wrong = rows.find(([, words]) => words);
    input.setCustomValidity(wrong ? wrong[1] : "");
    input.classList.toggle("is-invalid", Boolean(wrong));
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type='file']")) check(event.target);
  });
})();
