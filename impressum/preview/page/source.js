// The source beside the pages: a click on a line finds its page, a click on a page finds its line.
import { $, asked, calm, h } from "./dom.js";
import { current, markPlace } from "./pages.js";

const pane = $("source");
const lines = $("lines");
const files = $("source-file");
let shown = null; // { path, line }
let last = 0; // counts questions: only the last answer counts

const PIECES = [
  ["comment", /<!--.*?-->|\{##.*?##\}/],
  ["value", /\{\{.*?\}\}|\{%.*?%\}/],
  ["note", /\[\^[^\]]+\]:?|\^\[/],
  ["attr", /\{[#.][^}]*\}/],
  ["cite", /-?@[\w][\w:.#$%&+?<>~/-]*/],
  ["ref", /!?\[[^\]]*\]\([^)]*\)/],
];
const PIECE = new RegExp(PIECES.map(([name, pattern]) => `(?<${name}>${pattern.source})`).join("|"), "g");

function coloured(text, path) {
  if (!path.endsWith(".md")) return [text];
  if (/^#{1,6} /.test(text)) return [h("span", { class: "heading" }, text)];
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(PIECE)) {
    const name = Object.keys(found.groups).find((one) => found.groups[one] !== undefined);
    parts.push(text.slice(at, found.index), h("span", { class: name }, found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

export const isOpen = () => !pane.hidden;

// Opens the source of the page that is looked at, or closes it.
export async function toggleSource() {
  if (isOpen()) {
    pane.hidden = true;
    $("source-toggle").setAttribute("aria-pressed", "false");
    return;
  }
  const stands = (await asked(`places/${current()}`)) ?? [];
  const first = stands.find((one) => one.kind !== "note");
  if (first) await showSource(first.path, first.line);
  else if (shown) open();
  else {
    const all = (await asked("sources")) ?? [];
    if (all.length) await showSource(all[0], 1);
  }
}

function open() {
  pane.hidden = false;
  $("source-toggle").setAttribute("aria-pressed", "true");
}

export async function showSource(path, line, { column = 0, editor = "" } = {}) {
  const mine = (last += 1);
  const [found, all] = await Promise.all([asked(`source?path=${encodeURIComponent(path)}`), asked("sources")]);
  if (mine !== last) return;
  if (!found) {
    $("source-note").textContent = `${path} cannot be shown here.`;
    open();
    return;
  }
  files.replaceChildren(...(all ?? [path]).map((one) => h("option", { value: one, selected: one === path }, one)));
  const begins = new Set(found.begins);
  lines.replaceChildren(
    ...found.lines.map((text, index) =>
      h(
        "div",
        {
          class: begins.has(index + 1) ? "line begins" : "line",
          role: "option",
          id: `line-${index + 1}`,
          "aria-selected": "false",
          "data-line": index + 1,
        },
        h("span", { class: "n", "aria-hidden": "true" }, String(index + 1)),
        h("span", { class: "t" }, ...coloured(text, path)),
      ),
    ),
  );
  shown = { path, line };
  open();
  choose(line, { column, editor });
}

// Asks for the same source again after a change; where it stands stays.
export async function refreshSource() {
  if (!isOpen() || !shown) return;
  const { path, line } = shown;
  const top = lines.scrollTop;
  await showSource(path, line);
  lines.scrollTop = top;
}

function choose(line, { column = 0, editor = "", scroll = true } = {}) {
  const count = lines.children.length;
  line = Math.min(Math.max(1, line), count);
  lines.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
  for (const old of lines.querySelectorAll("mark")) old.replaceWith(old.textContent);
  const chosen = $(`line-${line}`);
  if (!chosen) return;
  chosen.setAttribute("aria-selected", "true");
  lines.setAttribute("aria-activedescendant", chosen.id);
  shown = { ...shown, line };
  if (column) markWord(chosen.querySelector(".t"), column);
  if (scroll) chosen.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "instant" });
  linkEditor(line, column, editor);
}

async function linkEditor(line, column, editor) {
  const link = $("source-editor");
  const { path } = shown;
  const found = editor || (await asked(`editor?path=${encodeURIComponent(path)}&line=${line}&column=${column || 1}`));
  if (shown.path !== path || shown.line !== line) return;
  link.href = found || "#";
  link.hidden = !found;
}

// Marks the word that begins at `column` (from 1).
function markWord(element, column) {
  let left = column - 1;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left < node.length) {
      const word = /^[\p{L}\p{N}]+/u.exec(node.data.slice(left))?.[0];
      if (!word) return;
      const rest = node.splitText(left);
      rest.splitText(word.length);
      rest.replaceWith(h("mark", {}, word));
      return;
    }
    left -= node.length;
  }
}

async function toPage(line) {
  const { path } = shown;
  const found = await asked(`line?path=${encodeURIComponent(path)}&line=${line}`);
  $("source-note").textContent = found ? `Line ${line} is on page ${found.page}.` : `Line ${line} stands on no page.`;
  if (found) markPlace(found);
}

document.addEventListener("place-chosen", ({ detail }) => showSource(detail.path, detail.line, detail));
lines.addEventListener("click", (event) => {
  const line = Number(event.target.closest(".line")?.dataset.line);
  if (!line || String(getSelection())) return;
  choose(line, { scroll: false });
  toPage(line);
});
lines.addEventListener("keydown", (event) => {
  if (!shown) return;
  const page = Math.floor(lines.clientHeight / 24);
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 }[event.key];
  if (by) choose(shown.line + by);
  else if (event.key === "Enter") toPage(shown.line);
  else return;
  event.preventDefault();
});
files.addEventListener("change", () => showSource(files.value, 1));
$("source-close").addEventListener("click", () => toggleSource());
$("source-toggle").addEventListener("click", () => toggleSource());

export function openInEditor() {
  if (isOpen() && !$("source-editor").hidden) location.href = $("source-editor").href;
}
