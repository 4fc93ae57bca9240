/**
 * Who may see and change what: roles with patterns of names, the one way by which anything is changed, and the trail that
 * each change leaves.
 *
 * <p>Owner thread: any; the calls block, so they belong on virtual threads.
 *
 * <p>May import: kafka-clients; of the console {@code clusters} and {@code words}.
 */
package io.ottla.console.access;
