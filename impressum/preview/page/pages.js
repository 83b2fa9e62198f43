// The pages: each is a picture of its own, and only one that looks otherwise is loaded again.
import { $, asked, calm, h, sent } from "./dom.js";

const main = $("pages");
const sheets = $("sheets");
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2];
const AT_ONE = 760; // pixels of a page at 100 %
let state = null;
let zoom = 0; // 0 fits the width
let fresh = 0; // counts states, so that places are asked for again
let seen = null; // where the view was before it was made wider or narrower
let arriving = null; // what was left for an edition whose pages are not there yet
let jumped = 0; // the changed page that `n` went to last
let following = 0; // the number of the newest pages whose first change is still to be shown

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      entry.target.near = entry.isIntersecting;
      if (entry.isIntersecting) load(entry.target);
    }
  },
  { root: main, rootMargin: "900px 0px" },
);

export const sheetOf = (number) => sheets.children[number - 1];

function made(number) {
  const paper = h("div", { class: "paper" });
  const sheet = h(
    "section",
    { class: "sheet", id: `page-${number}`, tabindex: 0, "aria-label": `Page ${number}`, "data-number": number },
    paper,
    h("p", { class: "folio", "aria-hidden": "true" }, String(number)),
  );
  sheet.paper = paper;
  sheet.look = "";
  paper.addEventListener("click", (event) => clicked(sheet, event));
  paper.addEventListener("dblclick", (event) => clicked(sheet, event, true));
  paper.addEventListener("pointermove", (event) => pointed(sheet, event));
  paper.addEventListener("pointerleave", () => over(sheet, null));
  sheet.addEventListener("keydown", (event) => keyed(sheet, event));
  near.observe(sheet);
  return sheet;
}

// Loads the picture of a page where it is not the one that is shown; the old one stays until the new one is there.
async function load(sheet) {
  const number = Number(sheet.dataset.number);
  const page = state?.pages[number - 1];
  if (!page || !sheet.near) return;
  const width = Math.ceil(sheet.paper.clientWidth * devicePixelRatio);
  if (!width) return;
  const known = sheet.loaded;
  if (page.look && known && known.look === page.look && known.width >= width * 0.8 && known.width <= width * 2.5) return;
  const wanted = `page/${number}/${page.look || "unknown"}/${width}.png`;
  if (sheet.wanted === wanted && page.look) return;
  sheet.wanted = wanted;
  const picture = new Image();
  picture.alt = `Page ${number} as it is printed`;
  picture.draggable = false;
  picture.src = page.look ? wanted : `${wanted}?${fresh}`;
  try {
    await picture.decode();
  } catch {
    if (sheet.wanted === wanted) sheet.wanted = "";
    return;
  }
  if (sheet.wanted !== wanted) return; // a newer one is on its way
  const old = sheet.paper.querySelector("img");
  if (old) old.replaceWith(picture);
  else sheet.paper.prepend(picture);
  sheet.loaded = { look: page.look, width };
  sheet.dataset.look = page.look;
}

// The page at the head of the view, and which part of it, to come back to.
function anchor() {
  const top = main.getBoundingClientRect().top;
  for (const sheet of sheets.children) {
    const box = sheet.getBoundingClientRect();
    if (box.bottom > top + 40) return { number: Number(sheet.dataset.number), look: sheet.look, part: (top - box.top) / box.height };
  }
  return null;
}

// Scrolls so that the part `at` of its page, or of page `number`, is at the head of the view again.
function comeBack(at, number = at?.number) {
  const sheet = at && sheetOf(Math.min(number, sheets.children.length));
  if (!sheet) return;
  const box = sheet.getBoundingClientRect();
  const away = box.top + at.part * box.height - main.getBoundingClientRect().top;
  if (Math.abs(away) >= 1) main.scrollTop += away;
  seen = anchor();
}

export function showPages(next) {
  const isOther = state && (state.edition !== next.edition);
  if (state?.pages.length && state.number !== next.number) following = isOther ? 0 : next.number;
  const at = anchor();
  const before = state;
  if (isOther && at && !arriving) arriving = { before, at }; // its pages may come later
  state = next;
  fresh += 1;
  $("empty").hidden = next.pages.length > 0;
  $("empty").textContent = next.blocked ? "There are no pages yet: the faults keep them from being set." : "The pages are being set.";
  while (sheets.children.length > next.pages.length) {
    near.unobserve(sheets.lastChild);
    sheets.lastChild.remove();
  }
  for (let number = sheets.children.length + 1; number <= next.pages.length; number += 1) sheets.append(made(number));
  next.pages.forEach((page, index) => {
    const sheet = sheets.children[index];
    sheet.paper.style.setProperty("--ratio", `${page.width} / ${page.height}`);
    sheet.look = page.look;
    sheet.classList.toggle("changed", next.changed.includes(index + 1));
    if (before && before.number !== next.number) forgetPlaces(sheet);
    load(sheet);
  });
  if (arriving) {
    if (!next.pages.length) return;
    const { before: left, at: from } = arriving;
    arriving = null;
    arriveAt(left, next, from);
    return;
  }
  if (at && before && before.pages.length !== next.pages.length) {
    const places = next.pages.map((page, index) => (page.look === at.look ? index + 1 : 0)).filter(Boolean);
    comeBack(at, places.length === 1 ? places[0] : at.number);
  }
  follow();
}

// Goes to the first page that a save changed, if it is not in view; the contents only follow from other pages.
function follow() {
  if (following !== state.number || !state.changed.length) return;
  following = 0;
  const body = state.outline[0]?.page ?? 1;
  const first = state.changed.find((number) => number >= body) ?? state.changed[0];
  const { top, bottom } = main.getBoundingClientRect();
  const box = sheetOf(first).getBoundingClientRect();
  if (box.bottom > top && box.top < bottom) return;
  jumped = first;
  goTo(first);
}

// Another edition is shown where the same heading stands.
function arriveAt(before, next, at) {
  const index = before.outline.findLastIndex((one) => one.page <= at.number);
  const same = before.outline.length === next.outline.length ? next.outline[index] : null;
  const ahead = same ? at.number - before.outline[index].page : 0;
  comeBack(at, same ? same.page + ahead : at.number);
}

// Where the blocks of a page stand.

function forgetPlaces(sheet) {
  sheet.places = null;
  for (const one of sheet.querySelectorAll(".stand")) {
    if (one === document.activeElement) sheet.focus({ preventScroll: true });
    one.remove();
  }
}

async function placesOf(sheet) {
  if (sheet.places) return sheet.places;
  const asking = (sheet.places = asked(`places/${sheet.dataset.number}`).then((found) => found ?? []));
  const found = await asking;
  if (sheet.places !== asking) return sheet.places ?? [];
  sheet.places = found;
  sheet.paper.append(
    ...found.map((one) =>
      h("button", {
        class: "stand",
        tabindex: -1,
        style: null,
        "data-path": one.path,
        "data-line": one.line,
        "aria-label": `${one.kind}: ${one.words || "without words"}; ${one.path}, line ${one.line}`,
        onclick: (event) => {
          event.stopPropagation();
          showAsSource({ path: one.path, line: one.line });
        },
      }),
    ),
  );
  sheet.querySelectorAll(".stand").forEach((button, index) => lay(button, found[index], sheet));
  return found;
}

// Lays an element over a part of a page that is told in points; a little air stands around the text.
function lay(element, part, sheet) {
  const { width, height } = state.pages[sheet.dataset.number - 1];
  const [left, right] = part.right ? [part.left - 8, part.right + 8] : [0, width];
  element.style.top = `${(part.top / height) * 100}%`;
  element.style.height = `${((part.bottom - part.top) / height) * 100}%`;
  element.style.left = `${(left / width) * 100}%`;
  element.style.width = `${((right - left) / width) * 100}%`;
}

function point(sheet, event) {
  const page = state.pages[sheet.dataset.number - 1];
  const box = sheet.paper.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * page.width,
    y: ((event.clientY - box.top) / box.height) * page.height,
  };
}

async function pointed(sheet, event) {
  if (event.pointerType !== "mouse") return;
  const { y } = point(sheet, event);
  const found = await placesOf(sheet);
  const around = found.filter((one) => one.top <= y && y <= one.bottom);
  over(sheet, around.sort((a, b) => a.bottom - a.top - (b.bottom - b.top))[0] ?? null, found);
}

function over(sheet, stand, found = []) {
  sheet.querySelectorAll(".stand").forEach((one, index) => one.classList.toggle("over", !!stand && found[index] === stand));
}

// Tells whoever shows sources that a place on a page was chosen: { path, line, column, editor }.
const showAsSource = (found) => document.dispatchEvent(new CustomEvent("place-chosen", { detail: found }));

async function clicked(sheet, event, isTwice = false) {
  const { x, y } = point(sheet, event);
  const found = await asked(`at/${sheet.dataset.number}?x=${x.toFixed(1)}&y=${y.toFixed(1)}`);
  if (!found) return;
  if (isTwice && found.editor) location.href = found.editor;
  else showAsSource(found);
}

// Enter steps into the blocks of a page, the arrows go from one to the next, Escape leaves them.
async function keyed(sheet, event) {
  const inside = event.target.classList.contains("stand");
  if (event.key === "Enter" && event.target === sheet) {
    event.preventDefault();
    await placesOf(sheet);
    sheet.querySelector(".stand")?.focus();
  } else if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const all = [...sheet.querySelectorAll(".stand")];
    all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  } else if (inside && event.key === "Escape") {
    event.stopPropagation();
    sheet.focus();
  } else if (inside && event.key === "o") {
    event.stopPropagation();
    const { path, line } = event.target.dataset;
    const link = await asked(`editor?path=${encodeURIComponent(path)}&line=${line}`);
    if (link) location.href = link;
  }
}

// Where to go, and how large.

export function goTo(number, top = null) {
  const sheet = sheetOf(number);
  if (!sheet) return;
  const page = state.pages[number - 1];
  const inside = top === null ? -16 : (top / page.height) * sheet.paper.clientHeight - main.clientHeight / 4;
  const y = sheet.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop + inside;
  main.scrollTo({ top: y, behavior: calm() || Math.abs(y - main.scrollTop) > 4000 ? "auto" : "smooth" });
}

export function markPlace(part) {
  for (const old of sheets.querySelectorAll(".mark")) old.remove();
  const sheet = sheetOf(part.page);
  if (!sheet) return;
  const mark = h("div", { class: "mark", "data-page": part.page });
  lay(mark, part, sheet);
  sheet.paper.append(mark);
  goTo(part.page, part.top);
}

export function current() {
  const middle = main.getBoundingClientRect().top + main.clientHeight / 3;
  for (const sheet of sheets.children) if (sheet.getBoundingClientRect().bottom > middle) return Number(sheet.dataset.number);
  return 1;
}

export function step(by) {
  const number = Math.min(Math.max(1, current() + by), sheets.children.length);
  goTo(number);
  sheetOf(number)?.focus({ preventScroll: true });
}

export function nextChanged() {
  if (!state?.changed.length) return;
  jumped = state.changed.find((one) => one > jumped) ?? state.changed[0];
  goTo(jumped);
}

export function zoomBy(by) {
  if (by === 0) zoom = 0;
  else {
    const now = zoom || sheets.firstElementChild?.paper.clientWidth / AT_ONE || 1;
    const next = by > 0 ? ZOOMS.find((one) => one > now + 0.01) : ZOOMS.findLast((one) => one < now - 0.01);
    zoom = next ?? now;
  }
  const at = anchor();
  if (zoom) sheets.style.setProperty("--page-width", `${Math.round(zoom * AT_ONE)}px`);
  else sheets.style.removeProperty("--page-width");
  $("zoom").textContent = zoom ? `${Math.round(zoom * 100)} %` : "Fit";
  keep(at);
}

export function spreads() {
  const at = anchor();
  const isOn = sheets.classList.toggle("spreads");
  $("spread").setAttribute("aria-pressed", String(isOn));
  keep(at);
}

function keep(at) {
  comeBack(at);
  for (const one of sheets.children) load(one);
}

new ResizeObserver(() => keep(seen)).observe(main);

// The server looks first at the pages that somebody sees.
let telling = 0;
export function tellView() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const box = main.getBoundingClientRect();
    const seen = [...sheets.children].filter((sheet) => {
      const { top, bottom } = sheet.getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    });
    if (seen.length) sent("view", { first: Number(seen[0].dataset.number), last: Number(seen.at(-1).dataset.number) });
  }, 120);
}
main.addEventListener(
  "scroll",
  () => {
    seen = anchor();
    tellView();
  },
  { passive: true },
);
