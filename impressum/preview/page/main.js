// Joins the parts: what the server says is shown, what is pressed is done.
import { $, h, plural, sent } from "./dom.js";
import { goTo, nextChanged, showPages, spreads, step, tellView, zoomBy } from "./pages.js";
import { markHere, openTab, putBlockedAside, showContents, showFaults, showTranslation } from "./panels.js";
import { openInEditor, refreshSource, toggleSource } from "./source.js";

const STAGES = {
  load: "Reading", draw: "Drawing", render: "Filling in", convert: "Reading chapters", typeset: "Setting",
};
const MOST_CHIPS = 6;
let state = null;

function show(next) {
  const before = state;
  state = next;
  document.title = `${next.blocked ? "✗ " : ""}${next.title}`;
  $("title").textContent = next.title;
  $("title").title = next.title;
  showEditions(next);
  showStatus(next);
  showPages(next);
  showContents(next);
  showFaults(next);
  showTranslation(next);
  if (before && (before.number !== next.number || (next.blocked && JSON.stringify(before.faults) !== JSON.stringify(next.faults)))) refreshSource();
  document.documentElement.dataset.number = next.number;
  tellView();
}

function showEditions(next) {
  const box = $("editions");
  const key = JSON.stringify([next.editions, next.edition]);
  if (box.key === key) return;
  box.key = key;
  const hadFocus = box.contains(document.activeElement);
  box.replaceChildren(
    ...(next.editions.length < 2 ? [] : next.editions).map((one) =>
      h(
        "button",
        {
          role: "radio",
          "aria-checked": String(one.tag === next.edition),
          tabindex: one.tag === next.edition ? 0 : -1,
          lang: one.tag,
          dir: one.direction,
          title: one.tag,
          "data-tag": one.tag,
          onclick: () => choose(one.tag),
        },
        one.name,
      ),
    ),
  );
  if (hadFocus) box.querySelector('[aria-checked="true"]')?.focus();
}

const choose = (tag) => sent("edition", { tag });

function nextEdition(by = 1) {
  const tags = state?.editions.map((one) => one.tag) ?? [];
  if (tags.length > 1) choose(tags[(tags.indexOf(state.edition) + by + tags.length) % tags.length]);
}

$("editions").addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  nextEdition(by);
});

function showStatus(next) {
  const errors = next.faults.filter((one) => one.severity === "error").length;
  const warnings = next.faults.length - errors;
  const pages = next.pages.length ? `${plural(next.pages.length, "page")}, ${next.time}` : "";
  let kind = "good";
  let said = pages || "Waiting";
  if (next.phase) {
    kind = "busy";
    said = `${STAGES[next.phase] ?? next.phase} …`;
  } else if (next.blocked || errors) {
    kind = "error";
    said = errors ? plural(errors, "error") : "A bug of Impressum";
    if (pages) said += ` · ${pages}`;
  } else if (next.checking) {
    kind = "busy";
    said = `${pages} · ${next.checking === "fit" ? "fitting" : "checking"}`;
  } else if (warnings) {
    kind = "warning";
    said = `${pages} · ${plural(warnings, "warning")}`;
  }
  $("status").dataset.state = kind;
  if ($("said").textContent !== said) $("said").textContent = said;
  const chips = $("changed");
  const key = JSON.stringify(next.changed);
  if (chips.key === key) return;
  chips.key = key;
  const some = next.changed.slice(0, MOST_CHIPS);
  chips.replaceChildren(
    ...(some.length ? ["Changed"] : []),
    ...some.map((number) => h("button", { "aria-label": `Page ${number}, changed`, onclick: () => goTo(number) }, String(number))),
    ...(next.changed.length > MOST_CHIPS ? [`and ${next.changed.length - MOST_CHIPS} more`] : []),
  );
}

// Light, dark, or as the system.

const THEMES = ["auto", "light", "dark"];
const dark = matchMedia("(prefers-color-scheme: dark)");

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  $("theme").textContent = { auto: "System", light: "Light", dark: "Dark" }[name];
  document.documentElement.toggleAttribute("data-dim", name === "dark" || (name === "auto" && dark.matches));
  try {
    localStorage.setItem("theme", name);
  } catch {
    /* a browser that keeps nothing */
  }
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]);
}

function keptTheme() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}
setTheme(THEMES.includes(keptTheme()) ? keptTheme() : "auto");
dark.addEventListener("change", () => setTheme(document.documentElement.dataset.theme));

// Buttons and keys.

$("zoom-in").addEventListener("click", () => zoomBy(1));
$("zoom-out").addEventListener("click", () => zoomBy(-1));
$("zoom").addEventListener("click", () => zoomBy(0));
$("spread").addEventListener("click", () => spreads());
$("theme").addEventListener("click", nextTheme);
$("help-open").addEventListener("click", () => $("help").showModal());

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: nextChanged,
  s: () => toggleSource(),
  o: openInEditor,
  c: () => openTab("contents", { focus: true }),
  f: () => openTab("faults", { focus: true }),
  t: () => openTab("translation", { focus: true }),
  e: () => nextEdition(),
  "+": () => zoomBy(1),
  "=": () => zoomBy(1),
  "-": () => zoomBy(-1),
  0: () => zoomBy(0),
  2: () => spreads(),
  d: nextTheme,
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("select, input, textarea, dialog")) return;
  if (event.key === "Escape") {
    putBlockedAside();
    return;
  }
  const does = KEYS[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

let marking = 0;
$("pages").addEventListener(
  "scroll",
  () => {
    cancelAnimationFrame(marking);
    marking = requestAnimationFrame(markHere);
  },
  { passive: true },
);

// What the server says.

function connect() {
  const events = new EventSource("events");
  events.onmessage = (event) => {
    if (event.data) show(JSON.parse(event.data));
  };
  events.onerror = () => {
    $("status").dataset.state = "error";
    $("said").textContent = "watch has ended";
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}
connect();
