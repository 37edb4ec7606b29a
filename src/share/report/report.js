(() => {
  "use strict";
  const page = document.querySelector(".page");
  const holder = document.getElementById("grid");
  const grid = JSON.parse(holder.textContent);
  const colors = holder.dataset.colors.split(" ");
  const articles = [...page.querySelectorAll("article")];
  const at = grid.own.slice();

  // Every position was estimated when the page was made: it is looked up, never calculated.
  const cell = () => grid.cells[(at[0] * grid.stops[1].length + at[1]) * grid.stops[2].length + at[2]];

  const show = () => {
    const found = cell();
    const refused = typeof found === "number";
    for (const article of articles) {
      const words = grid.words.find((it) => it.lang === article.lang);
      const explore = article.querySelector(".explore");
      explore.querySelectorAll("[data-stop]").forEach((said) => {
        said.textContent = grid.stops[said.dataset.stop][at[said.dataset.stop]];
      });
      explore.querySelectorAll("[data-axis]").forEach((slider) => {
        slider.value = at[slider.dataset.axis];
        slider.setAttribute("aria-valuetext", grid.stops[slider.dataset.axis][at[slider.dataset.axis]]);
      });
      explore.querySelector('[data-said="verdict"]').textContent =
        refused ? words.refused[found] : words.verdicts[found[0]];
      explore.querySelector(".moved").className = "moved verdict " + colors[refused ? colors.length - 1 : found[0]];
      explore.querySelectorAll("[data-rate]").forEach((rate) => {
        rate.textContent = (!refused && found[2][rate.dataset.rate]) || words.none;
      });
      explore.querySelectorAll("svg[data-place]").forEach((bar) => {
        let x = 0;
        bar.querySelectorAll("[data-bar]").forEach((part) => {
          const [place, row] = part.dataset.bar.split("-");
          const written = refused ? "0" : grid.columns[found[1][place]][row];
          const width = Number(written.replace(/,/g, "")) * bar.dataset.scale || 0;
          part.setAttribute("x", x);
          part.setAttribute("width", width);
          x += width;
        });
      });
      explore.querySelectorAll("[data-cell]").forEach((amount) => {
        const [place, row] = amount.dataset.cell.split("-");
        amount.textContent = refused ? "" : grid.columns[found[1][place]][row];
      });
    }
  };

  page.querySelectorAll("[data-axis]").forEach((slider) => slider.addEventListener("input", () => {
    at[slider.dataset.axis] = Number(slider.value);
    show();
  }));
  page.querySelectorAll("button.own").forEach((button) => button.addEventListener("click", () => {
    at.splice(0, at.length, ...grid.own);
    show();
  }));
  const speak = () => {
    document.documentElement.lang = document.getElementById("zh").checked ? "zh-CN" : "en";
  };
  document.querySelectorAll('[name="language"]').forEach((choice) => choice.addEventListener("change", speak));
  show();
  page.classList.add("live");
})();
