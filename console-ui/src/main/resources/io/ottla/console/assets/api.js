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
