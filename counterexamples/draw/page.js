"use strict";
(() => {
  const sections = [...document.querySelectorAll(".at")];
  const rows = [...document.querySelectorAll("#run [data-step]")];
  const arrows = [...document.querySelectorAll("#run [data-from]")];
  const bars = [...document.querySelectorAll("#run [data-since]")];
  const button = (id) => document.getElementById(id);
  let now = 0;

  // After the last step of a lasso comes the first of its cycle.
  const cycle = +document.body.dataset.cycle || 0;
  const onward = () => (cycle && now === sections.length - 1 ? cycle : now + 1);

  const show = (n, scroll) => {
    now = Math.max(0, Math.min(sections.length - 1, n));
    const step = now - 1;
    sections.forEach((s, i) => s.classList.toggle("now", i === now));
    for (const r of rows) {
      r.classList.toggle("now", +r.dataset.step === step);
      r.classList.toggle("future", +r.dataset.step > step);
    }
    for (const b of bars) b.classList.toggle("future", +b.dataset.since > step);
    for (const a of arrows) {
      const from = +a.dataset.from, to = +a.dataset.to;
      a.classList.toggle("future", from > step || (a.classList.contains("again") && to > step));
      a.classList.toggle("coming", from <= step && to > step);
      a.classList.toggle("touched", step >= 0 && (from === step || to === step));
    }
    button("where").textContent = now === 0 ? "start" : `step ${now} of ${sections.length - 1}`;
    button("first").disabled = button("back").disabled = now === 0;
    button("last").disabled = now === sections.length - 1;
    button("next").disabled = now === sections.length - 1 && !cycle;
    button("steps").scrollTop = 0;
    const row = rows.find((r) => +r.dataset.step === step);
    if (scroll && row) row.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", now === 0 ? "#" : "#" + now);
  };

  const keys = {
    ArrowRight: onward, ArrowDown: onward, ArrowLeft: () => now - 1, ArrowUp: () => now - 1,
    Home: () => 0, End: () => sections.length - 1,
  };
  document.addEventListener("keydown", (e) => {
    if (!(e.key in keys) || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    show(keys[e.key](), true);
  });
  button("first").onclick = () => show(0, true);
  button("back").onclick = () => show(now - 1, true);
  button("next").onclick = () => show(onward(), true);
  button("last").onclick = () => show(sections.length - 1, true);
  for (const r of rows) r.addEventListener("click", () => show(+r.dataset.step + 1, false));
  document.body.classList.add("js");
  const hash = /^#(\d+)$/.exec(location.hash);
  show(hash ? +hash[1] : 0, true);
})();
