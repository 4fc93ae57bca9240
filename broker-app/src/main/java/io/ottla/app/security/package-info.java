/**
 * Who may ask the process how it is. The console's own login is console-ui's.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code security}.
 */
package io.ottla.app.security;
