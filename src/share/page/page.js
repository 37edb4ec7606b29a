(() => {
  "use strict";
  const page = document.querySelector(".page");
  const articles = [...page.querySelectorAll("article")];
  const lists = articles.map((article) => [...article.querySelectorAll(".stop")]);
  const last = lists[0].length - 1;
  if (last < 0) return;
  let at = 0;

  // Both languages go along, so that changing the language stays at the stop.
  const show = (wanted) => {
    page.classList.toggle("moving", page.classList.contains("steps"));
    at = Math.min(Math.max(wanted, 0), last);
    articles.forEach((article, which) => {
      lists[which].forEach((stop, place) => stop.classList.toggle("now", place === at));
      article.querySelector(".count").textContent = lists[which][at].querySelector(".step").textContent;
      article.querySelector(".back").disabled = at === 0;
      article.querySelector(".next").disabled = at === last;
    });
    try { history.replaceState(null, "", "#" + (at + 1)); } catch { /* a page without an address */ }
  };

  // The question goes on whatever is answered; the next stop replies.
  const answer = (place) => {
    const next = at + 1;
    lists.forEach((list) => {
      const replies = list[next] ? list[next].querySelectorAll(".reply") : [];
      replies.forEach((reply, which) => reply.classList.toggle("said", which === place));
    });
    show(next);
  };
  const answers = () => lists[0][at].querySelectorAll(".answers li").length;

  for (const article of articles) {
    article.querySelector(".back").addEventListener("click", () => show(at - 1));
    article.querySelector(".next").addEventListener("click", () => show(at + 1));
    for (const list of article.querySelectorAll(".answers")) {
      [...list.children].forEach((item, place) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...item.childNodes);
        button.addEventListener("click", () => answer(place));
        item.append(button);
      });
    }
  }

  const keys = {
    ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), " ": () => show(at + 1), Enter: () => show(at + 1),
    ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1), Home: () => show(0), End: () => show(last),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const on = event.target.tagName;
    // What has the keyboard keeps its own keys.
    if (on === "INPUT" || (on === "BUTTON" && (event.key === " " || event.key === "Enter"))) return;
    const digit = Number(event.key);
    const act = digit >= 1 && digit <= answers() ? () => answer(digit - 1) : keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // A word and what it names light up together.
  const light = (event) => {
    const own = event.target.closest && event.target.closest("[data-l]");
    page.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
    if (own) {
      const all = own.closest(".stop").querySelectorAll('[data-l="' + own.dataset.l + '"]');
      all.forEach((same) => same.classList.add("lit"));
    }
  };
  page.addEventListener("pointerover", light);

  const speak = () => {
    document.documentElement.lang = document.getElementById("zh").checked ? "zh-CN" : "en";
  };
  document.querySelectorAll('[name="language"]').forEach((choice) => choice.addEventListener("change", speak));
  // Chosen with the pointer, a choice does not keep the arrow keys.
  page.querySelectorAll("header label").forEach((label) => {
    label.addEventListener("click", () => setTimeout(() => document.getElementById(label.htmlFor).blur()));
  });
  show((Number(location.hash.slice(1)) || 1) - 1);
  page.classList.add("steps");
})();
