/**
 * The screens of the groups: the list, one group with its lag and history, setting its offsets, removing its members,
 * deleting it; and what the API needs of them.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring, kafka-clients; of the console {@code access}, {@code clusters}, {@code lag},
 * {@code oldconsumers}, {@code pages} and {@code words}.
 */
package io.ottla.console.groups;
