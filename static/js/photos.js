// Photos of a message: shown before they are sent, made smaller on this device (less data, quicker on a slow line), and
// removable one by one. Without script the browser's own field does it, and the server makes them smaller.
"use strict";

(() => {
  const LONGEST_SIDE = 2400;
  const LONGEST_SIDE_ON_A_SLOW_LINE = 1600;
  const SMALL_ENOUGH = 600_000;

  function longestSide() {
    const line = navigator.connection;
    const slow = line && (line.saveData || /2g|3g/.test(line.effectiveType || ""));
    return slow ? LONGEST_SIDE_ON_A_SLOW_LINE : LONGEST_SIDE;
  }

  async function smaller(file) {
    if (file.size <= SMALL_ENOUGH || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, longestSide() / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      // A kind of picture that this browser can't read goes as it is.
      return file;
    }
  }

  function enliven(box) {
    const field = box.querySelector("[data-photos]");
    const camera = box.querySelector("[data-camera]");
    const list = box.querySelector("[data-chosen]");
    const said = box.querySelector("[data-said]");
    const send = box.closest("form").querySelector("button[type=submit]");
    const worded = (what, number) => box.dataset[what].replace("#", number);
    let chosen = [];

    const room = () =>
      Number(box.dataset.most) -
      box.querySelectorAll("[name=kept_photo]").length +
      box.querySelectorAll("[name=drop_photo]:checked").length;

    // What is shown is what is sent.
    function show() {
      const all = new DataTransfer();
      chosen.forEach((file) => all.items.add(file));
      field.files = all.files;
      list.querySelectorAll("img").forEach((picture) => URL.revokeObjectURL(picture.src));
      list.replaceChildren(...chosen.map(line));
    }

    function line(file, place) {
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = `${worded("name", place + 1)}: ${file.name}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.textContent = worded("remove", place + 1);
      button.addEventListener("click", () => {
        chosen.splice(place, 1);
        show();
        tell();
        (list.querySelectorAll("button")[Math.min(place, chosen.length - 1)] || field).focus();
      });
      const item = document.createElement("li");
      item.append(picture, button);
      return item;
    }

    function tell(full) {
      const parts = [full ? box.dataset.full : "", chosen.length ? worded("count", chosen.length) : ""];
      said.textContent = parts.filter(Boolean).join(" ");
    }

    async function add(files) {
      send.disabled = true;
      said.textContent = box.dataset.busy;
      let full = false;
      // One after the other: an old phone has no room for four large pictures at once.
      for (const file of files) {
        full = chosen.length >= room();
        if (full) break;
        chosen.push(await smaller(file));
      }
      show();
      send.disabled = false;
      tell(full);
    }

    // Each choice comes on top of the earlier ones, and a camera gives one picture at a time.
    field.addEventListener("change", () => add([...field.files]));
    camera.addEventListener("change", () => {
      add([...camera.files]);
      camera.value = "";
    });
    box.classList.add("photo-fields--live");
    box.querySelector("[data-photo-buttons]").hidden = false;
    if (field.files.length) add([...field.files]);
  }

  try {
    new DataTransfer();
  } catch {
    return;
  }
  document.querySelectorAll("[data-photo-fields]").forEach(enliven);
})();
