// Begins Swagger UI over the document of this console. Nothing is asked of any other site.
"use strict";

(() => {
  const page = document.documentElement;
  const place = document.getElementById("api");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () =>
    page.classList.toggle("dark-mode", page.dataset.theme ? page.dataset.theme === "dark" : dark.matches);
  paint();
  dark.addEventListener("change", paint);

  // Swagger UI speaks English alone: what it says is replaced as it comes. What is sent and answered stays as it is.
  const words = new Map(Object.entries(JSON.parse(place.dataset.words)));
  const named = ["placeholder", "title", "aria-label"];
  const sayText = node => {
    const text = node.nodeValue.trim();
    const word = words.get(text) ?? text;
    if (word !== text && !node.parentElement?.closest("pre, code, textarea")) {
      node.nodeValue = node.nodeValue.replace(text, word);
    }
  };
  const sayNames = element => named.forEach(name => {
    const text = element.getAttribute(name);
    const word = words.get(text) ?? text;
    if (word !== text) {
      element.setAttribute(name, word);
    }
  });
  const say = node => {
    if (node.nodeType === Node.TEXT_NODE) {
      sayText(node);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      sayNames(node);
      node.childNodes.forEach(say);
    }
  };
  new MutationObserver(changes => changes.forEach(change => {
    if (change.type === "childList") {
      change.addedNodes.forEach(say);
    } else {
      say(change.target);
    }
  })).observe(place, { childList: true, subtree: true, characterData: true, attributeFilter: named });

  // The session says who asks: passwords typed here would be refused, since a browser keeps them.
  const withoutPasswords = () => ({
    wrapComponents: { authorizeBtn: () => () => null, authorizeOperationBtn: () => () => null }
  });

  SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    filter: true,
    validatorUrl: null,
    plugins: [withoutPasswords],
    requestInterceptor: request => {
      if (new URL(request.url, location.href).origin !== location.origin) {
        throw new Error("Expected an address of this console");
      }
      if (!["GET", "HEAD"].includes((request.method || "GET").toUpperCase())) {
        request.headers["X-CSRF-TOKEN"] = place.dataset.token;
      }
      return request;
    }
  });
})();
