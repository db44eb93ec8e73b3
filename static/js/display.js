// Display modes, remembered on this device only. Blocking and tiny, so that no page flashes in the wrong mode.
(function () {
  "use strict";
  var root = document.documentElement;
  var store = { get: function (k) { try { return localStorage.getItem(k); } catch (e) { return null; } },
                set: function (k, v) { try { v ? localStorage.setItem(k, v) : localStorage.removeItem(k); return true; } catch (e) { return false; /* private mode */ } } };
  var VIEW = /([?&])view=(elder|standard)(&|$)/;
  var asked = VIEW.exec(location.search);
  // Only the resident's side speaks of elder mode in its address; the desk has lists under the same name.
  var remembered = asked && store.set("civic.view", asked[2] === "elder" ? "elder" : "");
  root.classList.add("js");
  ["view", "contrast", "theme"].forEach(function (name) {
    var value = store.get("civic." + name);
    if (value) root.setAttribute("data-" + name, value);
  });
  if (asked && asked[2] === "standard") root.removeAttribute("data-view");
  var without = function (address) {
    return address.replace(VIEW, function (_all, before, _view, after) { return after ? before : ""; });
  };
  // What is remembered needs no mention in addresses, and one pressed off must not come back with the next link.
  var forgetAddress = function () {
    history.replaceState(history.state, "", without(location.pathname + location.search) + location.hash);
    document.querySelectorAll("a[href*='view=elder'], form[action*='view=elder']").forEach(function (one) {
      var name = one.tagName === "A" ? "href" : "action";
      var parts = one.getAttribute(name).split("#");
      parts[0] = without(parts[0]);
      one.setAttribute(name, parts.join("#"));
    });
    document.querySelectorAll("input[type=hidden][name=view][value=elder]").forEach(function (field) { field.remove(); });
  };
  var pressed = function (control) {
    var name = control.getAttribute("data-display"), value = control.getAttribute("data-value");
    var on = root.getAttribute("data-" + name) === value;
    if (on) root.removeAttribute("data-" + name); else root.setAttribute("data-" + name, value);
    store.set("civic." + name, on ? "" : value);
  };
  // What was typed goes along to the other language in this tab only, and is forgotten when it has arrived.
  var typed = function () {
    return document.querySelectorAll("form[method=post] :is(textarea, select, input:not([type=hidden], [type=password], [type=file]))");
  };
  var keepTyped = function (path) {
    var kept = [];
    typed().forEach(function (field) { if (field.id) kept.push([field.id, field.value, Boolean(field.checked)]); });
    try { if (kept.length) sessionStorage.setItem("civic.typed", JSON.stringify({ path: path, fields: kept })); } catch (e) { /* private mode */ }
  };
  var restoreTyped = function () {
    try {
      var kept = JSON.parse(sessionStorage.getItem("civic.typed"));
      sessionStorage.removeItem("civic.typed");
      if (!kept || kept.path !== location.pathname) return;
      kept.fields.forEach(function (one) {
        var field = document.getElementById(one[0]);
        if (!field || !field.form) return;
        if (/^(radio|checkbox)$/.test(field.type)) field.checked = one[2]; else field.value = one[1];
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
        var folded = field.closest("details");
        if (folded && (one[2] || (one[1] && field.type !== "radio" && field.type !== "checkbox"))) folded.open = true;
      });
    } catch (e) { /* nothing was kept */ }
  };
  document.addEventListener("DOMContentLoaded", function () {
    if (remembered) forgetAddress();
    var controls = document.querySelectorAll("[data-display]");
    var show = function () {
      controls.forEach(function (control) {
        var on = root.getAttribute("data-" + control.getAttribute("data-display")) === control.getAttribute("data-value");
        control.setAttribute("aria-pressed", String(on));
      });
    };
    show();
    controls.forEach(function (control) {
      control.addEventListener("click", function (event) { event.preventDefault(); pressed(control); show(); });
      // What says it is a button answers to the space bar too.
      if (control.tagName === "A") control.addEventListener("keydown", function (event) {
        if (event.key === " ") { event.preventDefault(); control.click(); }
      });
    });
    // The same place on the page in the other language, with what was typed so far.
    document.querySelectorAll("a[data-language]").forEach(function (link) {
      link.addEventListener("click", function () { link.hash = location.hash; keepTyped(link.pathname); });
    });
    restoreTyped();
    // Reading aloud is loaded when somebody wants it, and offered only where the browser can.
    var aloud = document.querySelector("[data-read-aloud]");
    if (aloud && "speechSynthesis" in window && window.SpeechSynthesisUtterance) {
      aloud.hidden = false;
      aloud.addEventListener("click", function () {
        var script = document.createElement("script");
        script.src = aloud.getAttribute("data-read-aloud");
        document.head.append(script);
      }, { once: true });
    }
  });
})();
