// Keys for those who work all day; every page works without them.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] > tbody > tr, ol[data-rows] > li")];
  let at = -1;

  const move = step => {
    const all = rows();
    if (all.length === 0) return;
    all[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    all[at].classList.add("here");
    all[at].scrollIntoView({ block: "nearest" });
    all[at].querySelector("a, input:not([type=hidden]), button")?.focus({ preventScroll: true });
  };

  // A key of a button belongs to the row that one is in, or to the page when it has no rows.
  const press = key => {
    const all = rows();
    const button = (all[at] ?? (all.length ? null : document))?.querySelector(`[data-key="${key}"]`);
    if (button?.form && !button.form.reportValidity()) return;
    button?.click();
  };

  // Who clicks twice does it once; the answer is another page.
  document.addEventListener("submit", event => {
    if (event.target.method !== "post") return;
    setTimeout(() => event.target.querySelectorAll("button").forEach(button => { button.disabled = true; }));
  });

  // A page that the browser kept, shown again by its back button, may tell of a state long gone.
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

  // What cannot be renewed may be long past: so it is told, and a light is not shown, until the next answer.
  const silence = document.getElementById("no-answer");
  if (silence) document.addEventListener("htmx:afterRequest", ({ detail }) => {
    silence.hidden = Boolean(detail.successful);
    detail.elt.hidden = !detail.successful;
  });

  // After a refusal one goes on where it was: at the one field that it names, or at its sentence.
  const trouble = document.getElementById("trouble");
  if (trouble) {
    const name = trouble.dataset.at.slice(1);
    const fields = name ? [...document.querySelectorAll(`main :is(input, select, textarea)[name="${CSS.escape(name)}"]:not([type=hidden])`)] : [];
    if (fields.length === 1) {
      fields[0].setAttribute("aria-invalid", "true");
      fields[0].setAttribute("aria-describedby", [fields[0].getAttribute("aria-describedby"), "trouble"].filter(Boolean).join(" "));
      fields[0].closest("details")?.setAttribute("open", "");
    }
    (fields.length === 1 ? fields[0] : trouble).focus();
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (typing && event.key === "Escape") { typing.blur(); return; }
    if (typing) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") document.querySelector('[data-key="/"]')?.focus();
    else if (event.key === "a" || event.key === "r") press(event.key);
    else return;
    event.preventDefault();
  });
})();
