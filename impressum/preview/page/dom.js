// Small words for the page: elements, text with code in it, and questions to the server.

export const $ = (id) => document.getElementById(id);

// An element with attributes (a name that begins with `on` is a listener) and children (text is text, never HTML).
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

// What stands in backticks is code.
export const withCode = (text) =>
  text.split(/`([^`]*)`/).map((part, index) => (index % 2 ? h("code", {}, part) : part));

export async function asked(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

export const sent = (path, value) =>
  fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
