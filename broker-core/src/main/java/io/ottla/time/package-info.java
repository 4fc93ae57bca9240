/**
 * The clock and the timer wheel: the only source of time and delay.
 *
 * <p>Owner thread: none of its own; a timer's tasks run where its builder said.
 *
 * <p>May import (row 2): {@code types}.
 */
package io.ottla.time;
