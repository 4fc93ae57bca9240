// What HTML leaves to scripts: menus that close, and parts that are loaded again without taking anything from their reader.
// All pages work without it.
(() => {
  "use strict";

  const openMenus = () => document.querySelectorAll("details.menu[open], details.sure[open]");

  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menus = [...openMenus()];
    const menu = menus.find(each => each.contains(document.activeElement)) ?? menus.at(-1);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("click", event => {
    document.querySelectorAll("details.menu[open]").forEach(menu => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("focusin", event => {
    document.querySelectorAll("details.menu[open]").forEach(menu => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Somebody who types, chooses, marks text or is about to confirm in a part is not interrupted: the next time will do.
  const isBusyIn = part => {
    const active = document.activeElement;
    if (active && part.contains(active) && active.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return true;
    if ([...openMenus()].some(menu => part.contains(menu))) return true;
    const marked = document.getSelection();
    return marked !== null && !marked.isCollapsed && part.contains(marked.anchorNode);
  };

  document.addEventListener("htmx:beforeRequest", event => {
    const { requestConfig, target } = event.detail;
    if (!requestConfig.triggeringEvent && target && isBusyIn(target)) event.preventDefault();
  });

  // Elements of a part that a reader can be at or have opened, known again by what they are and where they lead.
  const WATCHED = "a, button, summary, input, [tabindex]";
  const name = element => [element.tagName, element.id, element.getAttribute("href"), element.name, element.value,
    element.id ? "" : element.textContent.trim().slice(0, 80)].join("\n");
  const nth = (elements, element) => elements.filter(each => name(each) === name(element)).indexOf(element);
  const again = (elements, sought) => elements.filter(each => name(each) === sought.name)[sought.nth];

  const left = new Map();

  document.addEventListener("htmx:beforeSwap", event => {
    const part = event.detail.target;
    if (!part?.id) return;
    const all = [...part.querySelectorAll(WATCHED)];
    const active = document.activeElement;
    const summaries = [...part.querySelectorAll("details > summary")];
    left.set(part.id, {
      focus: active !== part && part.contains(active) ? { name: name(active), nth: nth(all, active) } : null,
      across: [...part.querySelectorAll(".scroll")].map(each => each.scrollLeft),
      open: summaries.filter(each => each.parentElement.open).map(each => ({ name: name(each), nth: nth(summaries, each) })),
    });
  });

  document.addEventListener("htmx:afterSettle", () => left.forEach((before, id) => {
    left.delete(id);
    const part = document.getElementById(id);
    if (!part) return;
    const summaries = [...part.querySelectorAll("details > summary")];
    before.open.forEach(each => {
      const summary = again(summaries, each);
      if (summary) summary.parentElement.open = true;
    });
    part.querySelectorAll(".scroll").forEach((each, n) => { each.scrollLeft = before.across[n] ?? 0; });
    if (before.focus && !part.contains(document.activeElement)) {
      again([...part.querySelectorAll(WATCHED)], before.focus)?.focus({ preventScroll: true });
    }
  }));
})();
