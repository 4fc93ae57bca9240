/**
 * The login: by a page, by HTTP Basic, by a token; what an anonymous caller may see, protection against forged requests,
 * headers.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code access}, {@code clusters} (for its failure), {@code pages} (for lists),
 * {@code people} and {@code words}.
 */
package io.ottla.console.security;
