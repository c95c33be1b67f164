// Lists filter as you type. Without this script the same form works with its button.
const form = document.querySelector("form[data-filter]");
const REPLACED = ["results", "selected-filters"];
let waiting, running;

function address() {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${location.pathname}?${new URLSearchParams(filled)}`;
}

async function refresh() {
  const url = address();
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(url, { signal: running.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok || !page.getElementById("results")) return location.assign(url); // say, signed out meanwhile
    for (const id of REPLACED) document.getElementById(id)?.replaceWith(page.getElementById(id) ?? "");
    history.replaceState(null, "", url);
    const count = document.querySelector("[data-results-count]")?.textContent ?? "Nothing found";
    document.querySelector("[data-filter-status]").textContent = count.trim();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 300);
});
