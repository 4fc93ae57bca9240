/**
 * Builds everything, starts it, and closes it, in order.
 *
 * <p>Owner thread: the thread that starts or stops the broker.
 *
 * <p>May import (row 19): the rooms of the rows above its own, which end with {@code kafka}.
 */
package io.ottla.broker;
