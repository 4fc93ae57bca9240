/**
 * The broker as a member: its life, registration, the metadata poll, and the one place that tells all others of a new
 * image.
 *
 * <p>Owner thread: one metadata thread.
 *
 * <p>May import (row 15): the rooms of the rows above its own, which end with {@code share}.
 */
package io.ottla.cluster;
