// The panels at the side: contents, faults, translation; and the message over pages that could not be set anew.
import { $, asked, h, plural, sent, withCode } from "./dom.js";
import { current, goTo } from "./pages.js";
import { showSource } from "./source.js";

const SHOWN_AT_ONCE = 3;
const MOST_OF_A_RULE = 5;
const tabs = [...document.querySelectorAll('[role="tab"]')];
let putAside = ""; // the faults that somebody put aside

export function openTab(name, { focus = false } = {}) {
  for (const tab of tabs) {
    const isIt = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(isIt));
    tab.tabIndex = isIt ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !isIt;
    if (isIt && focus) tab.focus();
  }
}
tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => openTab(tab.getAttribute("aria-controls")));
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) openTab(tabs[(index + by + tabs.length) % tabs.length].getAttribute("aria-controls"), { focus: true });
  });
});

// Puts `made` into `panel` only where it is another: what has the focus keeps it.
function put(panel, key, made) {
  if (panel.key === key) return;
  panel.key = key;
  panel.replaceChildren(...made());
}

export function showContents(state) {
  put($("contents"), JSON.stringify(state.outline), () => {
    if (!state.outline.length) return [h("p", { class: "nothing" }, "No headings yet.")];
    const item = (one) =>
      h(
        "li",
        { class: `level-${Math.min(one.level, 3)}`, "data-page": one.page },
        h(
          "button",
          { onclick: () => goTo(one.page, one.level > 1 ? one.top : null) },
          h("span", { class: "number" }, one.number),
          h("span", { class: "title" }, one.title),
          h("span", { class: "at", "aria-label": `page ${one.page}` }, String(one.page)),
        ),
      );
    return [h("ul", { class: "outline" }, state.outline.map(item))];
  });
  markHere();
}

export function markHere() {
  const number = current();
  const items = [...$("contents").querySelectorAll("li")];
  const here = items.findLast((one) => Number(one.dataset.page) <= number);
  for (const one of items) one.classList.toggle("here", one === here);
  const count = $("sheets").children.length;
  $("where").textContent = count ? `Page ${number} of ${count}` : "";
}

function fault(one) {
  const place = one.line ? `${one.path}:${one.line}${one.column ? `:${one.column}` : ""}` : one.path;
  return h(
    "li",
    { class: `fault ${one.severity}${one.old ? " old" : ""}` },
    h("p", { class: "weight" }, one.severity === "error" ? "Error" : "Warning", h("span", { class: "rule" }, one.rule)),
    h("p", { class: "message" }, withCode(one.message)),
    one.hint ? h("p", { class: "hint" }, withCode(one.hint)) : null,
    h(
      "p",
      { class: "where" },
      one.editor ? h("a", { href: one.editor, title: "Open in the editor" }, place) : h("span", {}, place),
      one.page ? h("button", { class: "plain", onclick: () => goTo(one.page) }, `page ${one.page}`) : null,
      one.line
        ? h("button", { class: "plain", onclick: () => showSource(one.path, one.line, { column: one.column }) }, "source")
        : null,
    ),
  );
}

// Errors as they are, warnings by rule: where one has many, its first one and the rest on demand, as `build` prints them.
function listed(faults) {
  const groups = new Map();
  for (const one of faults) {
    const key = one.severity === "error" ? one : one.rule;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const group = (some) => {
    if (some.length <= MOST_OF_A_RULE) return some.map(fault);
    const rest = h("details", { class: "rest" }, h("summary", {}, `${some.length - 1} more of ${some[0].rule}`));
    rest.append(h("ul", { class: "faults" }, some.slice(1).map(fault)));
    return [fault(some[0]), h("li", {}, rest)];
  };
  return h("ul", { class: "faults" }, [...groups.values()].flatMap(group));
}

function layoutOf(faults) {
  const said = `${plural(faults.length, "warning")} of layout`;
  return h("details", { class: "layout", open: faults.length <= MOST_OF_A_RULE }, h("summary", {}, said), listed(faults));
}

export function showFaults(state) {
  const errors = state.faults.filter((one) => one.severity === "error" && !one.old).length;
  const count = $("fault-count");
  count.textContent = state.faults.length ? String(state.faults.length) : "";
  count.dataset.weight = errors ? "error" : "warning";
  count.setAttribute("aria-label", state.faults.length ? `, ${state.faults.length}` : "");
  put($("faults"), JSON.stringify([state.faults, !!state.checking]), () => {
    const said = state.checking ? "None so far; the pages are being checked." : "No faults.";
    if (!state.faults.length) return [h("p", { class: "nothing" }, said)];
    const layout = state.faults.filter((one) => one.layout);
    const text = state.faults.filter((one) => !one.layout);
    return [text.length ? listed(text) : null, layout.length ? layoutOf(layout) : null].filter(Boolean);
  });
  showBlocked(state);
}

function showBlocked(state) {
  const box = $("blocked");
  const key = JSON.stringify([state.faults, state.failure]);
  if ((!state.blocked && !state.failure) || key === putAside) {
    box.hidden = true;
    box.key = "";
    if (!state.blocked && !state.failure) putAside = "";
    return;
  }
  put(box, key, () => {
    const errors = state.faults.filter((one) => one.severity === "error");
    const which = state.pages.length ? `These are the pages of ${state.time}.` : "There are no pages yet.";
    const why = state.failure
      ? "A bug of Impressum, not of your text, keeps newer ones from being checked or set."
      : `${plural(errors.length, "error")} ${errors.length === 1 ? "keeps" : "keep"} newer ones from being set.`;
    return [
      h("h2", {}, `${which} ${why}`),
      h("button", { class: "aside", "aria-label": "Put aside", title: "Put aside (Esc)", onclick: () => putBlockedAside() }, "×"),
      h("ul", { class: "faults" }, errors.slice(0, SHOWN_AT_ONCE).map(fault)),
      errors.length > SHOWN_AT_ONCE
        ? h("p", { class: "more" }, h("button", { class: "plain", onclick: () => openTab("faults", { focus: true }) }, `All ${errors.length}`))
        : null,
      state.failure ? h("details", {}, h("summary", {}, "What happened"), h("pre", {}, state.failure)) : null,
    ].filter(Boolean);
  });
  box.hidden = false;
}

export function putBlockedAside() {
  const box = $("blocked");
  if (box.hidden) return false;
  putAside = box.key;
  box.hidden = true;
  return true;
}

// The state of the translation.

let report = null;
let reported = -1;

export async function showTranslation(state) {
  if (state.translation !== reported) {
    reported = state.translation;
    report = state.translation ? await asked("translation") : null;
  }
  const mine = state.editions.find((one) => one.tag === state.edition);
  const open = mine?.source ? null : mine?.open;
  $("translation-count").textContent = open ? String(open) : "";
  $("translation-count").dataset.weight = "warning";
  put($("translation"), JSON.stringify([state.edition, state.translation, state.editions.length]), () => {
    if (!report) return [h("p", { class: "nothing" }, "Not compared yet.")];
    if (!report.editions.length) return [h("p", { class: "nothing" }, "There is no edition besides this one.")];
    return mine?.source ? [overview(state)] : [files(report.editions.find((one) => one.tag === state.edition))];
  });
}

function overview(state) {
  const item = (one) => {
    const edition = state.editions.find((each) => each.tag === one.tag);
    const stale = one.files.filter((file) => file.state !== "up to date" && file.state !== "twin").length;
    const said = one.files.every((file) => file.state === "twin") ? "made from another edition" : stale ? `${stale} of ${one.files.length} to look at` : "up to date";
    return h(
      "li",
      {},
      h("span", { class: `state ${stale ? "changed" : "up-to-date"}` }, said),
      h("button", { class: "plain", onclick: () => sent("edition", { tag: one.tag }) }, edition?.name ?? one.tag),
    );
  };
  return h("ul", { class: "files" }, report.editions.map(item));
}

function files(edition) {
  if (!edition) return h("p", { class: "nothing" }, "Nothing is known of this edition.");
  const item = (file) => {
    const said = file.state === "twin" ? `from ${file.twin}` : file.guessed ? "guessed" : file.state;
    const head = [
      h("span", { class: `state ${file.state.replaceAll(" ", "-")}` }, said),
      h("span", { class: "name" }, file.name.replace(/\.md$/, "")),
    ];
    if (!file.differences.length) return h("li", {}, head);
    return h("li", {}, h("details", {}, h("summary", {}, head), file.differences.map(difference)));
  };
  return h("ul", { class: "files" }, edition.files.map(item));
}

const SIGNS = { changed: "changed", added: "new", removed: "removed", moved: "moved" };

function difference(one) {
  const words = one.words
    ? one.words.map(([side, text]) => (side === "same" ? text : h(side === "old" ? "del" : "ins", {}, text)))
    : [h(one.old !== null && one.new === null ? "del" : "ins", {}, (one.new ?? one.old ?? "").slice(0, 400))];
  return h(
    "div",
    { class: "difference" },
    h(
      "p",
      { class: "where" },
      h("span", { class: "state" }, one.name ? `${one.name} ${SIGNS[one.state]}` : SIGNS[one.state]),
      one.line ? h("button", { class: "plain", onclick: () => showSource(one.path, one.line) }, `line ${one.line}`) : null,
      one.look ? h("button", { class: "plain", onclick: () => showSource(one.look.path, one.look.line) }, `look at ${one.look.line}`) : null,
    ),
    h("p", {}, words),
  );
}
