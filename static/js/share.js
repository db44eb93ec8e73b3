// Passing a page on: the phone's own share sheet where there is one, else the link goes to the clipboard.
(function () {
  "use strict";
  var said = function (button) {
    var before = button.textContent;
    button.textContent = button.getAttribute("data-copied");
    setTimeout(function () { button.textContent = before; }, 2500);
  };
  // Where neither works (an old browser, no https) the address is selected, ready to be copied.
  var select = function (button) {
    var shown = button.closest(".follow").querySelector(".share-address");
    var range = document.createRange();
    range.selectNodeContents(shown);
    var selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    try { if (document.execCommand("copy")) said(button); } catch (e) { /* it stays selected */ }
  };
  document.querySelectorAll("[data-share]").forEach(function (button) {
    button.addEventListener("click", function () {
      var address = button.getAttribute("data-share");
      if (navigator.share && matchMedia("(pointer: coarse)").matches) {
        navigator.share({ title: button.getAttribute("data-share-title"), url: address }).catch(function () { /* closed */ });
      } else if (navigator.clipboard) {
        navigator.clipboard.writeText(address).then(function () { said(button); }, function () { select(button); });
      } else {
        select(button);
      }
    });
  });
})();
