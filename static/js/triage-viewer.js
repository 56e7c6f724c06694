/* The pictures of a case: shows one large, moves to the next or previous one, and enlarges it in a dialog. A picture is
   loaded when it is shown, so that each look is recorded. */
(function () {
  "use strict";
  const viewer = document.querySelector("[data-viewer]");
  if (!viewer) return;
  const stage = viewer.querySelector(".viewer-stage");
  const image = viewer.querySelector("[data-viewer-image]");
  const items = Array.from(viewer.querySelectorAll("[data-viewer-item]"));
  const actions = viewer.querySelector(".actions");
  let at = 0;

  function show(number) {
    if (!items.length) return;
    at = (number + items.length) % items.length;
    const item = items[at];
    items.forEach((one) => one.removeAttribute("aria-current"));
    item.setAttribute("aria-current", "true");
    item.scrollIntoView({ block: "nearest", inline: "nearest" });
    image.src = item.dataset.preview;
    image.alt = item.dataset.name;
    viewer.querySelector("[data-viewer-link]")?.setAttribute("href", item.href);
    stage.querySelector("[data-viewer-name]").textContent = item.dataset.name;
    stage.querySelector("[data-viewer-kind]").textContent = item.dataset.kind;
    const say = (value) => value.toLocaleString(document.documentElement.lang);
    const words = viewer.dataset.pattern.replace("{number}", say(at + 1)).replace("{all}", say(items.length));
    viewer.querySelector("[data-viewer-count]").textContent = `(${words})`;
  }

  function swapWords() {
    actions.querySelectorAll("[data-viewer-words]").forEach((words) => { words.hidden = !words.hidden; });
  }

  function enlarge() {
    const open = stage.closest("dialog");
    if (open) {
      open.close();
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.className = "viewer-dialog";
    dialog.setAttribute("aria-labelledby", "viewer-title");
    const [place, bar] = [stage.nextSibling, actions.parentElement];
    dialog.append(actions, stage);
    viewer.append(dialog);
    swapWords();
    dialog.addEventListener("close", () => {
      viewer.insertBefore(stage, place);
      bar.append(actions);
      dialog.remove();
      swapWords();
    });
    dialog.showModal();
    actions.querySelector("[data-viewer-zoom]").focus();
  }

  viewer.addEventListener("click", (event) => {
    const [move, item] = [event.target.closest("[data-viewer-move]"), event.target.closest("[data-viewer-item]")];
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (move) show(at + Number(move.dataset.viewerMove));
    else if (event.target.closest("[data-viewer-zoom]")) enlarge();
    else if (item && plain) {
      event.preventDefault();
      show(items.indexOf(item));
    } else if (event.target === image && plain) {
      event.preventDefault();
      enlarge();
    }
  });
})();
