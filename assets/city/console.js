/* console.js: warns before unsent words are lost, and before the session ends by itself. Nothing works only with it. */
"use strict";
(() => {
  let changed = false;
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => {
      changed = false;
      /* A second press must not act twice; the server would refuse it, but the person should not wonder. */
      setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
    });
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  /* What was shown must not come back by the browser's Back after signing out. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const idle = Number(document.body.dataset.idle || 0);
  if (!idle) return;
  const began = Date.now();
  const note = document.createElement("p");
  note.className = "idle";
  note.setAttribute("role", "status");
  setInterval(() => {
    const left = idle - Math.floor((Date.now() - began) / 1000);
    if (left > 60) return;
    if (left <= 0) { changed = false; location.replace("/sign-in"); return; }
    note.textContent = `${left} 秒后自动退出，未提交的内容会清除`;
    if (!note.isConnected) document.body.append(note);
  }, 1000);
})();
