// Photos of a message: shown before they are sent, made smaller on this device (less data, quicker on a slow line), and
// removable one by one. Without script the browser's own field does it, and the server makes them smaller.
"use strict";

(() => {
  const LONGEST_SIDE = 2400;
  const SMALL_ENOUGH = 600_000;

  async function smaller(file) {
    if (file.size <= SMALL_ENOUGH || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      // A kind of picture that this browser can't read goes as it is.
      return file;
    }
  }

  function show(input, list) {
    list.querySelectorAll(`[data-of="${input.id}"]`).forEach((one) => {
      URL.revokeObjectURL(one.querySelector("img").src);
      one.remove();
    });
    [...input.files].forEach((file, place) => {
      const line = document.createElement("li");
      line.dataset.of = input.id;
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = `${list.dataset.said} ${file.name}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.textContent = `${list.dataset.remove} ${file.name}`;
      button.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].forEach((one, at) => at === place || rest.items.add(one));
        input.files = rest.files;
        show(input, list);
        input.focus();
      });
      line.append(picture, button);
      list.append(line);
    });
  }

  document.querySelectorAll("[data-chosen]").forEach((list) => {
    list.closest(".photo-fields").querySelectorAll("[data-photos]").forEach((input) => {
      let earlier = [];
      input.addEventListener("change", async () => {
        const form = input.closest("form");
        const send = form.querySelector("button[type=submit]");
        send.disabled = true;
        const made = await Promise.all([...input.files].map(smaller));
        const all = new DataTransfer();
        // The camera gives one picture at a time: the earlier ones stay.
        (input.hasAttribute("capture") ? [...earlier, ...made] : made).forEach((file) => all.items.add(file));
        input.files = all.files;
        earlier = [...all.files];
        send.disabled = false;
        show(input, list);
      });
    });
  });
})();
