// Display modes, remembered on this device only. Blocking and tiny, so that no page flashes in the wrong mode.
(function () {
  "use strict";
  var root = document.documentElement;
  var store = { get: function (k) { try { return localStorage.getItem(k); } catch (e) { return null; } },
                set: function (k, v) { try { v ? localStorage.setItem(k, v) : localStorage.removeItem(k); } catch (e) { /* private mode */ } } };
  var asked = /[?&]view=(elder|standard)\b/.exec(location.search);
  if (asked) store.set("civic.view", asked[1] === "elder" ? "elder" : "");
  root.classList.add("js");
  ["view", "contrast", "theme"].forEach(function (name) {
    var value = store.get("civic." + name);
    if (value) root.setAttribute("data-" + name, value);
  });
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-display]").forEach(function (control) {
      var name = control.getAttribute("data-display"), value = control.getAttribute("data-value");
      var show = function () { control.setAttribute("aria-pressed", String(root.getAttribute("data-" + name) === value)); };
      show();
      control.addEventListener("click", function (event) {
        event.preventDefault();
        var on = root.getAttribute("data-" + name) === value;
        if (on) root.removeAttribute("data-" + name); else root.setAttribute("data-" + name, value);
        store.set("civic." + name, on ? "" : value);
        show();
      });
    });
  });
})();
