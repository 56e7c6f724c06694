/* Draws <canvas data-chart="id-of-data"> from a json_script block: {"type": "bar"|"line"|"doughnut", "labels": [...],
   "series": [{"label": "…", "values": [...]}], "stacked": false}. Colours follow the theme. The page must also have
   the figures as a table. Requires Chart.js. */
(function () {
  "use strict";
  const drawn = new Map();

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function settings(data) {
    const colours = [1, 2, 3, 4, 5, 6].map((n) => token(`--ap-chart-${n}`));
    const round = data.type === "doughnut";
    const scale = { stacked: Boolean(data.stacked), grid: { color: token("--ap-line") }, ticks: { color: token("--ap-muted"), precision: 0 }, border: { display: false } };
    return {
      type: data.type || "bar",
      data: {
        labels: data.labels,
        datasets: data.series.map((series, index) => ({
          label: series.label,
          data: series.values,
          backgroundColor: round ? colours : colours[index % colours.length],
          borderColor: round ? token("--ap-surface") : colours[index % colours.length],
          borderWidth: data.type === "line" ? 2.5 : round ? 2 : 0,
          borderRadius: data.type === "bar" ? 3 : 0,
          pointRadius: 2.5,
          tension: 0.25,
          maxBarThickness: 44,
        })),
      },
      options: {
        maintainAspectRatio: false,
        animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 350 },
        locale: document.documentElement.lang,
        interaction: { mode: "index", intersect: false },
        plugins: { legend: { display: round || data.series.length > 1, position: "bottom", labels: { color: token("--ap-text"), boxWidth: 12 } } },
        scales: round ? {} : { x: { ...scale, grid: { display: false } }, y: { ...scale, beginAtZero: true } },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || !window.Chart) return;
    drawn.get(canvas)?.destroy();
    window.Chart.defaults.font.family = token("--ap-font");
    drawn.set(canvas, new window.Chart(canvas, settings(JSON.parse(source.textContent))));
  }

  function all() {
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("portal:theme", () => { if (drawn.size) all(); });
  document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("canvas[data-chart]").forEach(draw));
})();
