/* Uploads the files of a form one by one, with the progress of each, a button to cancel it and its error beside it.
   <form data-upload-each="#uploaded">, with one file input. The element with that selector lists the uploaded files and is
   replaced after each upload that leaves others. file-check.js makes the list of chosen files, in the same order. The
   answer of the server is JSON with `next`, the URL to go to, or `error`. Without this script the form sends all files. */
(function () {
  "use strict";
  const WORDS = document.currentScript.dataset;

  function named(words, file) {
    return words.replace("{name}", file.name);
  }

  function show(upload, words, kind) {
    upload.note.textContent = words;
    upload.note.className = kind === "error" ? "rejected-file" : "upload-note";
    const busy = kind === "busy";
    upload.bar.hidden = !busy;
    upload.cancel.hidden = !busy;
  }

  function prepare(item, file) {
    const upload = { file, state: "waiting" };
    upload.bar = document.createElement("progress");
    upload.bar.max = 1;
    upload.bar.value = 0;
    upload.bar.setAttribute("aria-label", named(WORDS.progress, file));
    upload.note = document.createElement("span");
    upload.cancel = document.createElement("button");
    upload.cancel.type = "button";
    upload.cancel.className = "btn btn-quiet btn-sm";
    upload.cancel.textContent = "×";
    upload.cancel.setAttribute("aria-label", named(WORDS.cancel, file));
    upload.cancel.addEventListener("click", () => {
      upload.state = "cancelled";
      show(upload, WORDS.cancelled, "error");
      upload.request?.abort();
    });
    item.querySelectorAll("progress, .upload-note, .rejected-file, button").forEach((old) => old.remove());
    item.append(upload.bar, upload.note, upload.cancel);
    show(upload, WORDS.waiting, "busy");
    return upload;
  }

  function answerOf(request) {
    try {
      const answer = JSON.parse(request.responseText);
      return answer.next || answer.error ? answer : { error: WORDS.expired };
    } catch {
      return { error: WORDS.expired };
    }
  }

  /* Resolves to the answer of the server, or to an error; never rejects. */
  function send(form, fields, upload) {
    return new Promise((resolve) => {
      const data = new FormData();
      fields.forEach(([name, value]) => data.append(name, value));
      data.append(form.querySelector("input[type=file]").name, upload.file);
      const request = new XMLHttpRequest();
      upload.request = request;
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) upload.bar.value = event.loaded / event.total;
      });
      request.upload.addEventListener("load", () => {
        if (upload.state === "sending") show(upload, WORDS.checking, "busy");
      });
      request.addEventListener("load", () => resolve(answerOf(request)));
      request.addEventListener("error", () => resolve({ error: WORDS.offline }));
      request.addEventListener("abort", () => resolve({ error: WORDS.cancelled }));
      request.send(data);
    });
  }

  async function refresh(selector) {
    try {
      const response = await fetch(window.location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.querySelector(selector);
      if (found) document.querySelector(selector).replaceWith(document.adoptNode(found));
    } catch {
      // The list shows the files after the next load of the page.
    }
  }

  async function run(form, submitter) {
    const input = form.querySelector("input[type=file]");
    const fields = Array.from(new FormData(form, submitter)).filter(([name]) => name !== input.name);
    const items = input.parentElement.querySelectorAll(":scope > [data-files] > li");
    const uploads = Array.from(input.files).map((file, index) => prepare(items[index], file));
    const buttons = Array.from(form.elements).filter((element) => element.type === "submit");
    buttons.forEach((button) => { button.disabled = true; });
    let next = "";
    for (const upload of uploads) {
      if (upload.state === "cancelled") continue;
      upload.state = "sending";
      // One after the other: the server adds files to a case one at a time.
      const answer = await send(form, fields, upload); // eslint-disable-line no-await-in-loop
      if (upload.state === "cancelled") continue;
      upload.state = answer.error ? "failed" : "done";
      next = answer.next || next;
      show(upload, answer.error || WORDS.done, answer.error ? "error" : "done");
    }
    const left = uploads.filter((upload) => upload.state !== "done");
    if (!left.length && next) {
      window.location.assign(next);
      return;
    }
    buttons.forEach((button) => { button.disabled = false; });
    await refresh(form.dataset.uploadEach);
    keep(input, left);
  }

  /* Leaves the files in the input that were not uploaded, with their errors beside them. */
  function keep(input, left) {
    const files = new DataTransfer();
    const list = input.parentElement.querySelector(":scope > [data-files]");
    list.replaceChildren(...left.map((upload) => {
      files.items.add(upload.file);
      return upload.note.closest("li");
    }));
    input.files = files.files;
    input.focus();
  }

  // Before submit-once.js, which leaves a prevented submission alone.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload-each]");
    const input = form?.querySelector("input[type=file]");
    if (!input?.files.length || !window.FormData || !window.DataTransfer) return;
    event.preventDefault();
    run(form, event.submitter);
  }, true);
})();
