/**
 * The login: one administrator, whose password is made and said once at the first start; what an anonymous caller may
 * see, protection against forged requests, headers.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console only clusters.
 */
package io.ottla.console.security;
